"""Large forms: read within bounds, taken apart piece by piece, and never by who has nothing to bring."""

import io

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import parse_form_data
from werkzeug.test import EnvironBuilder

from campaign import bodies
from tests.pictures import picture

MB = 1024 * 1024
URLENCODED = "application/x-www-form-urlencoded"


def test_nobody_sends_more_than_a_pasted_text(nobody):
    page = nobody.post("/sign-up", name="x" * (13 * MB))
    assert page.status_code == 413
    assert "this form holds 12 MB" in page.text


def test_what_is_refused_for_its_size_is_not_read(nobody):
    class Unread(io.BytesIO):
        def read(self, *args):
            raise AssertionError("it was read")

        readline = readinto = read1 = read

    for path, size, status in (("/sign-in", 13 * MB, 413), ("/nonsense", 90 * MB, 404), ("/healthz", 90 * MB, 405)):
        environment = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(size), "CONTENT_TYPE": URLENCODED}
        answer = nobody.open(path, method="POST", environ_overrides=environment)
        assert answer.status_code == status


def test_people_send_a_long_text_of_any_script_with_any_form(carl):
    page = carl.post("/profile", name="号" * 3_000_000, language="en")
    assert page.status_code == 422
    assert "60 characters at most" in page.text
    assert "号" * 3_000_000 in page.text
    assert carl.post("/profile", name="x" * (33 * MB)).status_code == 413


@pytest.mark.one_database
def test_one_household_sends_two_large_forms_at_a_time_from_however_many_addresses(nobody):
    house = "place 2001:db8::/64"
    with bodies._one_of_few(house), bodies._one_of_few(house):
        sent = {"data": {"name": "x" * MB}, "environ_overrides": {"REMOTE_ADDR": "2001:db8::5"}}
        assert nobody.open("/sign-up", method="POST", **sent).status_code == 503


def test_files_come_with_forms_that_ask_for_files(ana, carl, soda_campaign):
    def large():
        return {"pictures": [(io.BytesIO(b"x" * 7 * MB), f"{n}.png") for n in range(5)]}

    page = carl.post("/campaigns/soda/ideas/new", title="A can you can reseal", data=large())
    assert page.status_code == 422
    assert "0.png" in page.text
    assert carl.post("/profile", name="Carl", data=large()).status_code == 413


@pytest.mark.parametrize("sign", ["'", '"', "&", "<"])
def test_what_was_typed_is_shown_again_whatever_it_is_made_of(nobody, sign):
    page = nobody.post("/sign-in", email=sign * 300_000, password="x")
    assert page.status_code == 422
    shown = page.text.split('name="email"')[1].split(">")[0]
    assert shown.count("&") == 300_000


@given(
    st.lists(
        st.tuples(st.text("aé号 %+=", max_size=8), st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
    ),
    st.sampled_from([1, 2, 3, 7, 64]),
)
def test_a_form_reads_as_werkzeug_reads_it_however_its_pieces_fall(fields, piece):
    class InPieces(io.BytesIO):
        def read(self, size=-1):
            return super().read(piece)

    for kind, reader in ((URLENCODED, InPieces), ("multipart/form-data", io.BytesIO)):
        environment = EnvironBuilder(method="POST", data=MultiDict(fields), content_type=kind).get_environ()
        body = environment["wsgi.input"].read()
        environment["wsgi.input"] = io.BytesIO(body)
        expected = parse_form_data(environment)[1]
        boundary = environment["CONTENT_TYPE"].partition("boundary=")[2].strip('"').encode()
        found, files = bodies._taken_apart(reader(body), kind, boundary, None)
        assert (MultiDict(found), files) == (expected, [])


def test_a_large_form_brings_its_files_and_its_words(app, carl, soda_campaign):
    files = {"pictures": [(picture(), "cap.jpg"), (io.BytesIO(b"x" * MB), "huge.png")]}
    page = carl.post("/campaigns/soda/ideas/new", title="A can you can reseal", text="é" * 3000, data=files)
    assert "“huge.png” isn’t a picture" in page.text
    assert page.text.count('class="kept-picture"') == 1
    assert "é" * 3000 in page.text


@pytest.mark.parametrize(
    "body",
    [
        b"--B\r\n" + b"X-A: b\r\n" * 100_000 + b'Content-Disposition: form-data; name="x"\r\n\r\nx\r\n--B--\r\n',
        b'--B\r\nContent-Disposition: form-data; name="x"' + b"; a*0=b" * 100_000 + b"\r\n\r\nx\r\n--B--\r\n",
        b"x" * 300_000,
        b"".join(b'--B\r\nContent-Disposition: form-data; name="x"; filename="f"\r\n\r\nx\r\n' for _ in range(2000)),
    ],
)
def test_what_no_browser_sends_is_refused(nobody, body):
    answer = nobody.open("/sign-in", method="POST", data=body, content_type="multipart/form-data; boundary=B")
    assert answer.status_code == 413


def test_fields_without_end_are_refused_however_large_the_form(nobody):
    for number in (3000, 3_000_000):
        assert nobody.open("/sign-in", method="POST", data="a&" * number, content_type=URLENCODED).status_code == 400


def test_turns_and_room_are_given_back(nobody, carl):
    for _again in range(4):
        nobody.post("/sign-in", email="x" * (2 * MB))
        nobody.post("/sign-in", email="x" * (13 * MB))
        carl.post("/profile", name="x" * (2 * MB))
    assert bodies._lying == {False: 0, True: 0}
    for turns in bodies._turns.values():
        assert turns._turns._value == 2


STALE = {"csrf_token": "from another day"}
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("field", ["name", "nonsense"])
def test_very_much_is_not_said_again_to_who_was_not_let_in(nobody, field):
    page = nobody.post("/sign-up", data={**STALE, field: "'" * (300 * 1024)}, headers=OURS)
    assert page.status_code == 400
    assert "It was too much to show it here again" in page.text
    assert len(page.text) < 100_000
    assert "&#39;" * 3000 in nobody.post("/sign-up", data={**STALE, "name": "'" * 3000}, headers=OURS).text


def test_a_long_text_keeps_its_turn_until_its_answer_was_taken(nobody):
    page = nobody.post("/sign-in", email="x" * MB)
    turns = bodies._turns[False]._turns
    assert page.status_code == 422
    assert turns._value == 1
    assert len(page.text) > MB
    assert page.content_length == len(page.data)
    assert turns._value == 2


def test_an_answer_that_nobody_takes_ends(monkeypatch):
    monkeypatch.setattr(bodies, "SILENT", 0.01)
    turns = bodies.Turns(1, waiting=0)
    turns.__enter__()
    pieces = bodies._read_in_time(b"x" * MB, bodies._Turn(turns))
    next(pieces)
    with pytest.raises(ConnectionResetError):
        gevent.sleep(1)


class Body(io.BytesIO):
    """A body of which a while comes, and then `then` happens."""

    def __init__(self, comes, then):
        super().__init__(b"a" * comes)
        self.then = then

    def read(self, size=-1):
        return super().read(size) or self.then()


def sent(comes, then, path="/sign-in"):
    return {
        "path": path,
        "method": "POST",
        "headers": OURS,
        "environ_overrides": {
            "wsgi.input": Body(comes, then),
            "CONTENT_LENGTH": str(MB),
            "CONTENT_TYPE": URLENCODED,
            "wsgi.input_terminated": True,
        },
    }


@pytest.mark.parametrize("comes", [0, 1000, 300_000])
def test_a_form_that_stops_coming_is_waited_for_no_longer(nobody, monkeypatch, comes):
    monkeypatch.setattr(bodies, "SILENT", 0.05)
    with gevent.Timeout(5):
        assert nobody.open(**sent(comes, lambda: gevent.sleep(60))).status_code == 400
    assert bodies._lying == {False: 0, True: 0}
    assert not bodies._coming


def test_one_sender_has_two_large_forms_on_their_way_and_others_theirs(nobody, carl):
    answers = []

    def third():
        if not answers:
            answers.append(nobody.open(**sent(100_000, bytes)))
            answers.append(carl.open(**sent(100_000, bytes)))
        return b""

    def second():
        if not answers:
            nobody.open(**sent(100_000, third))
        return b""

    nobody.open(**sent(100_000, second))
    assert [answer.status_code for answer in answers] == [503, 400]
    assert answers[0].headers["Retry-After"]
    assert not bodies._coming


@pytest.mark.parametrize("full", ["room", "turns"])
def test_a_large_form_that_finds_no_room_is_asked_to_come_again(nobody, monkeypatch, full):
    if full == "room":
        monkeypatch.setattr(bodies, "_ROOM_OF_ANYBODY", 100_000)
    else:
        monkeypatch.setitem(bodies._turns, False, bodies.Turns(0, waiting=0))
    answer = nobody.post("/sign-in", email="x" * 300_000, headers=OURS)
    assert answer.status_code == 503
    assert "try again in a few seconds" in answer.text
