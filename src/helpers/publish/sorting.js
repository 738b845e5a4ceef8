// Sortable tables, for every page. Without it a table can still be read.
"use strict";
(() => {
  const language = document.documentElement.lang;
  const collator = new Intl.Collator(language, { numeric: true });
  const next = { none: "ascending", ascending: "descending", descending: "none" };

  // Tables: numbers and dates by the value behind their digits, words as the language sorts them, gaps last.
  function keyOf(cell) {
    if (cell.dataset.key !== undefined) return Number(cell.dataset.key);
    return cell.textContent.trim();
  }
  function order(one, other, numeric, sign) {
    if (numeric) {
      const gaps = (typeof one === "string") - (typeof other === "string");
      return gaps || (typeof one === "string" ? 0 : sign * (one - other));
    }
    const gaps = (one === "") - (other === "");
    return gaps || sign * collator.compare(one, other);
  }
  function sort(table, rows, head, column) {
    const direction = next[head.getAttribute("aria-sort")];
    for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", direction);
    table.classList.toggle("sorted", direction !== "none");
    const numeric = head.classList.contains("numeric");
    const sign = direction === "descending" ? -1 : 1;
    const sorted = direction === "none" ? rows : rows.slice().sort((one, other) =>
      order(keyOf(one.cells[column]), keyOf(other.cells[column]), numeric, sign));
    table.tBodies[0].append(...sorted);
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    const rows = [...table.tBodies[0].rows];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sort(table, rows, head, column));
    });
  }
})();
