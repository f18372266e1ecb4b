"""Pictures are made in threads of their own, a few at a time."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from gevent import monkey
from PIL import Image as Pillow

from campaign import images
from campaign.errors import Refused
from campaign.images import ImageTooLarge, NotAnImage, keep_image
from campaign.threads import away_from_the_loop


@pytest.fixture
def real_thread(monkeypatch):
    """As in the server, where gevent streams."""
    monkeypatch.setattr(monkey, "is_module_patched", lambda name: True)


def test_what_a_thread_refuses_is_refused_and_no_traceback(app, real_thread, capfd):
    with app.app_context(), pytest.raises(NotAnImage):
        keep_image(b"no picture")
    assert "Traceback" not in capfd.readouterr().err


def test_work_in_a_thread_gives_what_it_makes(real_thread):
    assert away_from_the_loop(sorted, [2, 1], reverse=True) == [2, 1]
    with pytest.raises(Refused):
        away_from_the_loop(_refuse)


def _refuse():
    raise Refused


def test_only_two_pictures_are_made_at_a_time(app, monkeypatch):
    lock, now, most = threading.Lock(), 0, 0
    both, third = threading.Barrier(2), threading.Event()

    def convert(*args):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
            if now > 2:
                third.set()
        both.wait(10)
        third.wait(0.05)
        with lock:
            now -= 1
        return 1, 1, [b""]

    def keep(number):
        with app.app_context():
            keep_image(b"")

    monkeypatch.setattr(images, "_convert", convert)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(8)))
    assert most == 2


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("size", [(8000, 5001), (10000, 10000), (20000, 20000)])
def test_a_picture_that_claims_to_be_huge_is_refused_before_it_is_decoded(app, size):
    file = io.BytesIO()
    Pillow.new("1", size).save(file, "PNG")
    with app.app_context(), pytest.raises(ImageTooLarge):
        keep_image(file.getvalue())
