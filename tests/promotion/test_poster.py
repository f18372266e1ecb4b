"""A poster holds any title, in any script, on one page of A4."""

import io
import re

import pytest
from PIL import Image as Picture

from campaign.brands.models import Brand
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.images import keep_image
from campaign.promotion.poster import poster_of

TITLES = {
    "long": "Pneumonoultramicroscopic " * 8,
    "one word": "W" * 200,
    "emoji": "🎉 A can 👩‍👩‍👧 you can reseal 🇫🇷",
    "nothing but emoji": "🎉🎉🎉",
    "right to left": "פחית שאפשר לסגור מחדש 2026 can, علبة يمكن إعادة إغلاقها",
    "other scripts": "Ελληνικά, русский, ěščř, 可以重新封口的罐子",
    "turned": "a\u202eb <b>&amp;\\n(ﷺ) %s",
}


def pages(pdf):
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert re.search(rb"/MediaBox \[0 0 595\.\d+ 841\.\d+\]", pdf)
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


@pytest.mark.one_database
@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_any_title_has_room(people, resealable, title):
    resealable.title = title[:200]
    db.session.commit()
    assert pages(poster_of(resealable, "fr", people.bea.id)) == 1


@pytest.mark.one_database
def test_it_shows_the_brands_logo(people, resealable):
    bare = poster_of(resealable, "en", people.bea.id)
    file = io.BytesIO()
    Picture.new("RGB", (300, 100), "#0a7").save(file, "PNG")
    brand = db.session.get_one(Brand, people.soda.id)
    brand.logo = keep_image(file.getvalue(), people.ana)
    db.session.commit()
    told = poster_of(db.session.get_one(Idea, resealable.id), "en", people.bea.id)
    assert b"/Subtype /Image" in told
    assert b"/Subtype /Image" not in bare
