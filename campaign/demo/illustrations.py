"""Pictures for the demo's campaigns and ideas: large flat shapes in the colours of a coffee house, drawn rather than photographed.

Every picture follows from its key alone, so a demo loaded twice looks the same.
"""

import hashlib
import math
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from campaign.demo.drawing import Point, Shape, Sheet, around

PAPER = "#faf2e3"
CREAM = "#f0d09c"
PALE = "#e9dcba"
BLUSH = "#e9b796"
APRICOT = "#d98f4a"
CARAMEL = "#b8703c"
TERRACOTTA = "#b93a1a"
BROWN = "#6b3820"
ESPRESSO = "#2f1a12"
SAGE = "#8aa88c"
GREEN = "#2e5d4f"
NIGHT = "#1c3a33"


def bottle() -> Sheet:
    sheet = Sheet(CARAMEL)
    sheet.oval(190, 40, 490, 300, CREAM)
    sheet.oval(1090, 600, 470, 330, BROWN)
    return sheet


def compost() -> Sheet:
    sheet = Sheet(GREEN)
    sheet.polygon([(860, 0), (1280, 0), (1280, 640), (490, 640)], APRICOT)
    sheet.polygon([(795, 0), (872, 0), (502, 640), (425, 640)], PALE)
    return sheet


def bean() -> Sheet:
    sheet = Sheet(TERRACOTTA)
    x, y, across, down, turn = 700, 330, 520, 335, -24
    sheet.oval(x, y, across, down, BROWN, turn)
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def on_bean(along: float, side: float) -> Point:
        return x + along * cosine - side * sine, y + along * sine + side * cosine

    # The seam is an S that stays inside the bean and thins out towards both its ends.
    upper, lower = [], []
    for step in range(201):
        at = step / 100 - 1
        middle, half = (
            78 * math.sin(math.pi * at),
            30 * math.cos(math.pi * at / 2) ** 0.6 + 2 if abs(at) < 1 else 2,
        )
        upper.append(on_bean(at * across * 0.985, middle - half))
        lower.append(on_bean(at * across * 0.985, middle + half))
    sheet.polygon(upper + lower[::-1], CREAM)
    return sheet


def cups() -> Sheet:
    sheet = Sheet(PALE)
    row = [
        (PALE, GREEN, 112, 0),
        (TERRACOTTA, CREAM, 84, 130),
        (BLUSH, BROWN, 114, 0),
        (GREEN, APRICOT, 98, 60),
    ]
    for number, (ground, colour, radius, wall) in enumerate(row):
        left = number * 320
        x, foot = left + 146, 320 + (radius + wall) / 2 + 20
        sheet.block(left, 0, left + 320, 640, ground)
        handle = radius * 0.46
        sheet.ring(x + radius, foot - radius - wall + handle * 1.1, handle, 22, colour)
        rim = foot - radius - wall
        bowl = around(x, foot - radius, radius, radius, 0, 0, 180)
        sheet.polygon([(x - radius, rim), (x + radius, rim), *bowl], colour)
        sheet.block(x - radius * 0.9, foot + 16, x + radius * 0.9, foot + 34, colour)
    return sheet


def counter() -> Sheet:
    sheet = Sheet(CREAM)
    sheet.block(760, 96, 1280, 640, GREEN)
    sheet.block(760, 96, 1280, 150, NIGHT)
    wheel = sheet.ring(300, 420, 310, 52, BROWN)
    sheet.disc(300, 420, 46, BROWN)
    top = sheet.block(330, 300, 1280, 372, TERRACOTTA)
    sheet.overlap(wheel, top, ESPRESSO)
    return sheet


def tricycle() -> Sheet:
    sheet = Sheet(CREAM)
    sheet.disc(1060, 120, 250, BLUSH)
    sheet.polygon([(640, 210), (700, 210), (1130, 500), (1090, 540)], BROWN)
    sheet.polygon([(-40, 110), (690, 110), (690, 330), *around(530, 330, 160, 150, 0, 0, 90), (-40, 480)], TERRACOTTA)
    for x in (170, 545, 1105):
        sheet.ring(x, 470, 210, 50, ESPRESSO)
        sheet.disc(x, 470, 160, PAPER)
        sheet.disc(x, 470, 30, ESPRESSO)
    return sheet


def garden() -> Sheet:
    sheet = Sheet(BLUSH)
    sheet.disc(1010, 190, 150, PAPER)
    sheet.leaf((520, 560), (250, 60), 0.2, SAGE)
    sheet.leaf((560, 560), (880, 130), 0.2, GREEN)
    sheet.leaf((540, 600), (545, 20), 0.17, NIGHT)
    sheet.oval(540, 820, 980, 370, BROWN)
    sheet.oval(1180, 790, 560, 270, ESPRESSO)
    return sheet


def stillness() -> Sheet:
    sheet = Sheet(SAGE)
    sheet.disc(640, 285, 175, PAPER)
    water = sheet.block(0, 410, 1280, 640, GREEN)
    # The reflection: the same disc, mirrored in the line and darkened by the water.
    mirrored = Shape(around(640, 535, 175, 175))
    sheet.overlap(mirrored, water, "#4b7766")
    for top, left, right in ((470, 420, 1280), (534, 0, 760), (592, 560, 1280)):
        sheet.block(left, top, right, top + 13, GREEN)
    return sheet


def daybreak() -> Sheet:
    sheet = Sheet(ESPRESSO)
    sheet.block(0, 120, 1280, 640, "#46261a")
    sheet.block(0, 240, 1280, 640, BROWN)
    sheet.block(0, 345, 1280, 640, CARAMEL)
    sheet.disc(830, 470, 265, TERRACOTTA)
    sheet.block(0, 470, 1280, 640, CREAM)
    sheet.block(0, 560, 1280, 640, APRICOT)
    return sheet


def contours() -> Sheet:
    sheet = Sheet(PALE)
    colours = [SAGE, PALE, SAGE, CREAM, GREEN, SAGE, GREEN, NIGHT]
    for number, colour in enumerate(colours):
        scale = 1 - number * 0.115
        points = []
        for step in range(720):
            angle = math.radians(step / 2)
            swell = (
                1 + 0.16 * math.sin(2 * angle + 0.6 + number * 0.13) + 0.09 * math.sin(3 * angle - 1.1 - number * 0.2)
            )
            points.append(
                (
                    770 + number * 13 + 720 * scale * swell * math.cos(angle),
                    350 - number * 8 + 430 * scale * swell * math.sin(angle),
                )
            )
        sheet.polygon(points, colour)
    sheet.polygon([(818, 214), (898, 214), (858, 318)], TERRACOTTA)
    sheet.disc(858, 186, 58, TERRACOTTA)
    sheet.disc(858, 186, 20, PAPER)
    return sheet


def umbrellas() -> Sheet:
    sheet = Sheet(PALE)
    for left in range(-320, 1280, 128):
        sheet.polygon([(left + 330, 0), (left + 342, 0), (left + 12, 640), (left, 640)], "#d3cfae")

    def dome(x: float, y: float, radius: float, colour: str) -> Shape:
        top = around(x, y, radius, radius, 0, 180, 360)
        hem = []
        for scallop in range(4):
            middle = x + radius - (scallop + 0.5) * radius / 2
            hem += around(middle, y, radius / 4, radius / 9, 0, 0, -180)
        return sheet.polygon(top + hem, colour)

    caramel = dome(330, 420, 330, CARAMEL)
    green = dome(960, 460, 350, GREEN)
    red = dome(640, 620, 300, TERRACOTTA)
    sheet.overlap(red, caramel, BROWN)
    sheet.overlap(red, green, ESPRESSO)
    return sheet


def long_table() -> Sheet:
    sheet = Sheet(GREEN)
    sheet.polygon([(-60, 470), (1180, -60), (1360, 190), (1360, 210), (120, 740), (-60, 600)], CARAMEL)
    slope = math.atan2(-530, 1240)

    def seat(along: float, side: float) -> Point:
        return (
            640 + along * math.cos(slope) - side * math.sin(slope),
            330 + along * math.sin(slope) + side * math.cos(slope),
        )

    places = [
        (-470, 62, CREAM, BROWN),
        (-300, -70, TERRACOTTA, ESPRESSO),
        (-90, 58, PAPER, BROWN),
        (90, -66, CREAM, TERRACOTTA),
        (310, 60, NIGHT, CARAMEL),
        (480, -58, PAPER, BROWN),
    ]
    for along, side, saucer, coffee in places:
        x, y = seat(along, side)
        sheet.disc(x, y, 74, saucer)
        sheet.disc(x, y, 42, coffee)
    for along, side, colour in (
        (-520, -235, SAGE),
        (-170, -245, APRICOT),
        (190, -250, SAGE),
        (-250, 245, APRICOT),
        (110, 250, SAGE),
        (470, 245, APRICOT),
    ):
        x, y = seat(along, side)
        sheet.disc(x, y, 70, colour)
    return sheet


def opening() -> Sheet:
    """The campaign's own picture: cups on the new counter, before the panes of what used to be an ironmonger's."""
    sheet = Sheet(GREEN)
    panes = [(left, top, foot) for left in (96, 464, 832) for top, foot in ((-10, 120), (150, 640))]
    glass = [sheet.block(left, top, left + 336, foot, CREAM) for left, top, foot in panes]
    sun = Shape(around(708, 322, 300, 300))
    for pane in glass:
        sheet.overlap(sun, pane, TERRACOTTA)
    sheet.block(0, 480, 1280, 520, ESPRESSO)
    sheet.block(0, 520, 1280, 640, BROWN)
    for x, radius, wall, side, colour in ((690, 180, 0, 1, PAPER), (290, 92, 60, -1, BROWN)):
        rim, handle = 460 - radius - wall, radius * 0.44
        sheet.ring(x + side * (radius - 4), rim + handle + wall * 0.3, handle, handle * 0.46, colour)
        bowl = around(x, 460 - radius, radius, radius, 0, 0, 180)
        sheet.polygon([(x - radius, rim), (x + radius, rim), *bowl], colour)
        brim, foot = radius * 1.12, radius * 0.8
        sheet.polygon([(x - brim, 456), (x + brim, 456), (x + foot, 480), (x - foot, 480)], colour)
    # A nut, left over from the shelves.
    corners = [
        (1054 + 60 * math.cos(math.radians(turn)), 428 + 60 * math.sin(math.radians(turn)))
        for turn in range(0, 360, 60)
    ]
    sheet.lay(Shape(corners, around(1054, 428, 27, 27)), NIGHT)
    return sheet


def slate() -> Sheet:
    """The cover of the drinks: three of them on a counter, before the slate that they are to stand on."""
    sheet = Sheet(CREAM)
    sheet.block(120, 0, 1160, 420, GREEN)
    for top, left, right in ((70, 200, 560), (150, 200, 480), (230, 200, 600)):
        sheet.block(left, top, right, top + 14, SAGE)
    sheet.block(0, 500, 1280, 640, TERRACOTTA)
    # A tall glass, and the drink in it up to two thirds.
    sheet.polygon([(250, 150), (450, 150), (420, 540), (280, 540)], PALE)
    sheet.polygon([(258, 250), (442, 250), (420, 540), (280, 540)], APRICOT)
    sheet.polygon([(300, 290), (352, 276), (366, 328), (314, 342)], CREAM)
    sheet.polygon([(352, 372), (402, 382), (392, 432), (342, 422)], CREAM)
    # A small dark one.
    sheet.polygon([(590, 370), (730, 370), (708, 540), (612, 540)], PALE)
    sheet.polygon([(594, 402), (726, 402), (708, 540), (612, 540)], ESPRESSO)
    # A bowl.
    sheet.polygon([(840, 330), (1120, 330), *around(980, 400, 140, 140, 0, 0, 180)], PAPER)
    sheet.oval(980, 330, 140, 26, BLUSH)
    sheet.block(900, 526, 1060, 544, PAPER)
    return sheet


def cascara() -> Sheet:
    sheet = Sheet(CREAM)
    sheet.disc(1060, 470, 132, TERRACOTTA)
    sheet.leaf((1060, 350), (1190, 250), 0.24, GREEN)
    glass = sheet.polygon([(390, -40), (890, -40), (810, 700), (470, 700)], PALE)
    drink = Shape([(0, 190), (1280, 190), (1280, 700), (0, 700)])
    sheet.overlap(glass, drink, APRICOT)
    sheet.polygon([(520, 250), (640, 222), (668, 342), (548, 370)], PAPER)
    sheet.polygon([(650, 400), (764, 420), (744, 534), (630, 514)], PAPER)
    sheet.leaf((560, 190), (760, 60), 0.3, GREEN)
    return sheet


def poured() -> Sheet:
    sheet = Sheet(GREEN)
    sheet.disc(1010, 150, 300, NIGHT)
    sheet.polygon([(612, -10), (640, -10), (632, 430), (620, 430)], ESPRESSO)
    sheet.polygon([(470, 330), (784, 330), (736, 610), (518, 610)], PALE)
    sheet.polygon([(484, 410), (770, 410), (736, 610), (518, 610)], ESPRESSO)
    sheet.oval(627, 410, 143, 26, CARAMEL)
    for x, y, turn in ((180, 470, -30), (290, 540, 24), (1040, 520, 60)):
        slope = math.radians(turn)
        along, aside = (math.cos(slope), math.sin(slope)), (-math.sin(slope), math.cos(slope))
        end = x + 120 * along[0], y + 120 * along[1]
        corners = [(x + 9 * aside[0], y + 9 * aside[1]), (x - 9 * aside[0], y - 9 * aside[1])]
        foot = [(end[0] - 9 * aside[0], end[1] - 9 * aside[1]), (end[0] + 9 * aside[0], end[1] + 9 * aside[1])]
        sheet.polygon([*corners, *foot], CARAMEL)
        sheet.disc(x, y, 26, CARAMEL)
    sheet.block(0, 610, 1280, 640, NIGHT)
    return sheet


def russet() -> Sheet:
    sheet = Sheet(SAGE)
    sheet.disc(600, 330, 420, PAPER)
    sheet.disc(600, 330, 300, CREAM)
    sheet.disc(600, 330, 270, TERRACOTTA)
    # The peel: a ribbon that winds across the cup and out of it.
    upper, lower = [], []
    for step in range(161):
        at = step / 160
        x, y = 420 + 720 * at, 330 + 130 * math.sin(2.2 * math.pi * at) - 120 * at
        half = 34 * math.sin(math.pi * at) ** 0.4
        upper.append((x, y - half))
        lower.append((x, y + half))
    sheet.polygon(upper + lower[::-1], APRICOT)
    return sheet


def three_cups() -> Sheet:
    """The cover of the trial: its three cups in a row."""
    sheet = Sheet(BLUSH)
    sheet.disc(640, 330, 300, PAPER)
    sheet.block(0, 540, 1280, 640, BROWN)
    sheet.polygon([(190, 150), (400, 150), (376, 550), (214, 550)], "#8d9692")
    sheet.polygon([(186, 120), (404, 120), (402, 164), (188, 164)], NIGHT)
    sheet.polygon([(202, 300), (390, 300), (384, 370), (206, 370)], TERRACOTTA)
    belly = [(536, 200), (744, 200), *around(640, 400, 118, 150, 0, 0, 180)]
    jar = sheet.polygon(belly, PALE)
    cork = Shape([(400, 316), (900, 316), (900, 440), (400, 440)])
    sheet.overlap(jar, cork, CARAMEL)
    sheet.block(526, 172, 754, 206, ESPRESSO)
    glass = sheet.polygon([(880, 150), (1090, 150), (1066, 550), (904, 550)], PAPER)
    coffee = Shape([(800, 286), (1200, 286), (1200, 532), (800, 532)])
    sheet.overlap(glass, coffee, BROWN)
    band = Shape([(800, 360), (1200, 360), (1200, 440), (800, 440)])
    sheet.overlap(glass, band, GREEN)
    sheet.polygon([(876, 120), (1094, 120), (1092, 164), (878, 164)], GREEN)
    return sheet


def steel() -> Sheet:
    sheet = Sheet(PALE)
    for place, x in enumerate((820, 940, 1060)):
        upper = [(x + 34 * math.sin(at / 12), 560 - at * (4.4 + place * 0.3)) for at in range(101)]
        sheet.polygon([*upper, *((px + 40, py) for px, py in upper[::-1])], BLUSH)
    sheet.polygon([(290, 90), (690, 90), (648, 700), (332, 700)], "#8d9692")
    sheet.polygon([(280, 30), (700, 30), (696, 120), (284, 120)], NIGHT)
    sheet.polygon([(306, 330), (674, 330), (666, 440), (314, 440)], TERRACOTTA)
    sheet.polygon([(360, 150), (392, 150), (404, 640), (382, 640)], PAPER)
    return sheet


def wheel() -> Sheet:
    sheet = Sheet(TERRACOTTA)
    sheet.oval(640, 590, 560, 120, ESPRESSO)
    sheet.oval(640, 560, 470, 84, BROWN)
    jar = sheet.polygon([(440, 80), (840, 80), *around(640, 380, 226, 206, 0, 0, 180)], PALE)
    cork = Shape([(300, 260), (1000, 260), (1000, 440), (300, 440)])
    sheet.overlap(jar, cork, CARAMEL)
    sheet.oval(640, 80, 200, 34, CREAM)
    # A drip of glaze, which is what makes each of them another.
    sheet.polygon([*around(520, 160, 34, 66, 0, 0, 180), *around(520, 112, 34, 6, 0, 180, 360)], GREEN)
    sheet.polygon([*around(600, 140, 24, 40, 0, 0, 180), *around(600, 115, 24, 5, 0, 180, 360)], GREEN)
    return sheet


def clear() -> Sheet:
    sheet = Sheet(NIGHT)
    sheet.disc(980, 200, 240, GREEN)
    glass = sheet.polygon([(400, -30), (860, -30), (800, 700), (460, 700)], PALE)
    coffee = Shape([(0, 200), (1280, 200), (1280, 700), (0, 700)])
    sheet.overlap(glass, coffee, BROWN)
    milk = Shape([*around(630, 196, 190, 60, 0, 0, 180), (520, 200)])
    sheet.overlap(glass, milk, CARAMEL)
    band = Shape([(0, 340), (1280, 340), (1280, 480), (0, 480)])
    sheet.overlap(glass, band, SAGE)
    return sheet


def chance(key: str) -> Sheet:
    """For an idea without a picture of its own: two or three great shapes, chosen by its key."""
    dice = random.Random(hashlib.sha256(key.encode()).digest())  # noqa: S311 - a drawing, not a secret.
    grounds = [
        (CARAMEL, CREAM, BROWN),
        (GREEN, PALE, APRICOT),
        (CREAM, TERRACOTTA, GREEN),
        (BROWN, BLUSH, TERRACOTTA),
    ]
    ground, first, second = dice.choice(grounds)
    sheet = Sheet(ground)
    one = sheet.oval(dice.uniform(60, 420), dice.uniform(0, 220), dice.uniform(330, 520), dice.uniform(240, 330), first)
    if dice.random() < 0.5:
        other = sheet.oval(
            dice.uniform(840, 1220),
            dice.uniform(430, 640),
            dice.uniform(360, 520),
            dice.uniform(280, 380),
            second,
        )
    else:
        foot, lean = dice.uniform(560, 820), dice.uniform(120, 380)
        other = sheet.polygon([(foot + lean, 0), (1280, 0), (1280, 640), (foot, 640)], second)
    sheet.overlap(one, other, ESPRESSO)
    return sheet


COMPOSITIONS: dict[str, Callable[[], Sheet]] = {
    "cafe-de-demain": opening,
    "gourde-consignee": bottle,
    "sachet-compost": compost,
    "grain-du-mois": bean,
    "tasses-depareillees": cups,
    "comptoir-fauteuil": counter,
    "triporteur-dimanche": tricycle,
    "marc-jardin": garden,
    "heure-calme": stillness,
    "ouvrir-6h15": daybreak,
    "farm-wall": contours,
    "borrowed-umbrellas": umbrellas,
    "table-commune": long_table,
    "la-boisson-qui-manque": slate,
    "cascara": cascara,
    "cafe-touba": poured,
    "rooibos": russet,
    "gobelets-a-l-essai": three_cups,
    "inox": steel,
    "gres": wheel,
    "verre": clear,
}


def draw(key: str) -> Image.Image:
    """The picture of the idea, or the campaign, `key`: 1280 by 640, the same each time."""
    composition = COMPOSITIONS.get(key)
    return (composition() if composition else chance(key)).finished()


def save(key: str, folder: Path) -> Path:
    """Draw the picture of `key` into `folder` as a PNG and say where it is."""
    path = folder / f"{key}.png"
    draw(key).save(path, optimize=True)
    return path
