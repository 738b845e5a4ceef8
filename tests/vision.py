"""Colours as others see them, for tests: CIE L*a*b*, and three kinds of colour blindness.

Machado, Oliveira and Fernandes (2009), IEEE TVCG 15(6): matrices for severity 1.0, applied to linear RGB; differences are
CIE76, the distance in L*a*b* (D65).
"""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

NORMAL = "normal"
MACHADO = {
    NORMAL: np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(axis=1)


def linear(color: str) -> Vector:
    """The linear RGB channels of `#rrggbb`, 0 to 1."""
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(color: str, vision: str = NORMAL) -> Vector:
    """L*, a*, b* of `#rrggbb` as seen with `vision`, a key of MACHADO."""
    seen = np.clip(MACHADO[vision] @ linear(color), 0, 1)
    share = _TO_XYZ @ seen / _WHITE
    f = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, vision: str = NORMAL) -> float:
    """CIE76 difference of two colours as seen with `vision`; about 2.3 is just noticeable side by side."""
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))
