"""What a reader sees: blocks, charts, maps, tables, wording."""
