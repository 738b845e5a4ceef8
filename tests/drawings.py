"""What every drawing must hold to: no label on another one, none outside the figure."""

import numpy as np

from helpers.present.drawing import Drawing

SLACK_MM = 0.2  # by which a label may reach over the side of its figure: the margin of the page is far wider


def label_faults(drawing: Drawing) -> list[str]:
    """Labels that overlap another one (`Label.overlaps`, for all pairs at once) or leave the figure."""
    labels = drawing.labels
    left, top, right, bottom = np.array([[b.left, b.top, b.right, b.bottom] for b in labels]).reshape(-1, 4).T
    beside = (left[:, None] < right) & (left < right[:, None]) & (top[:, None] < bottom) & (top < bottom[:, None])
    pairs = np.argwhere(np.triu(beside, k=1))
    found = [f"{labels[i].words!r} on {labels[j].words!r}" for i, j in pairs]
    outside = (left < -SLACK_MM) | (right > drawing.width_mm + SLACK_MM) | (top < 0) | (bottom > drawing.height_mm)
    return found + [f"{labels[i].words!r} leaves the figure" for i in np.flatnonzero(outside)]
