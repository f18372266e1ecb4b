"""The WebSocket itself: RFC 6455 to the letter, whatever a client sends, and nobody else is concerned."""

import json

import pytest
import requests
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from tests.live.wires import BINARY, CLOSE, CONT, PING, PONG, TEXT, Wire, frame


@pytest.fixture
def wire(server, stage):
    with Wire(server.url) as wire:
        yield wire.open(stage.tokens["bea"])


@pytest.fixture
def healthy(server, stage, connect):
    """After the test: the server serves the others as before, and has written no traceback."""
    carl = connect("carl")
    before = len(server.log.read_text())
    yield
    assert carl.ask("board.watch", {"campaign": stage.campaign})["ok"]
    assert "Traceback" not in server.log.read_text()[before:]


def works(wire, stage):
    return wire.ask("board.watch", {"campaign": stage.campaign})["ok"]


def test_a_message_may_come_in_fragments_with_a_ping_between_them(wire, stage):
    wire.say(b'427["board.wa', fin=False)
    wire.say(b"are you there?", PING)
    wire.say(b'tch",{"campaign":"' + stage.campaign.encode(), CONT, fin=False)
    wire.say(b'"}]', CONT)
    assert wire.until(PONG) == b"are you there?"
    assert b'"ok":true' in wire.until(TEXT, b"437")


def test_a_frame_may_come_byte_by_byte_and_several_at_once(wire, stage):
    for byte in frame(b'421["board.leave",{}]'):
        wire.raw(bytes([byte]))
    wire.until(TEXT, b"431")
    wire.raw(frame(b'422["board.leave",{}]') + frame(b'423["board.leave",{}]') + frame(b'424["board.leave",{}]')[:9])
    assert [wire.until(TEXT, b"43")[:3] for _ in range(2)] == [b"432", b"433"]


def test_a_closing_frame_is_answered_with_its_code(wire):
    wire.say((1000).to_bytes(2) + b"goodbye", CLOSE)
    assert wire.ending() == (1000, "goodbye")
    assert wire.hear() is None


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(b"2", masked=False), 1002),
        (frame(b"2", rsv=4), 1002),
        (frame(b"2", 3), 1002),
        (frame(b"lost", CONT), 1002),
        (frame(b"x" * 126, PING), 1002),
        (frame(b"half", PING, fin=False), 1002),
        (frame(b"4", fin=False) + frame(b"4"), 1002),
        (frame(b"\x03", CLOSE), 1002),
        (frame((999).to_bytes(2), CLOSE), 1002),
        (frame(b"4\xff\xfe"), 1007),
        (frame(b"4\xc3", fin=False) + frame(b"(", CONT), 1007),
        (frame(b"4" * 70_000), 1009),
        (frame(b"4" * 40_000, fin=False) + frame(b"4" * 40_000, CONT), 1009),
        (b"\x81\xff" + (2**63 - 1).to_bytes(8), 1009),
    ],
    ids=(
        "unmasked reserved-bit reserved-opcode stray-continuation long-ping half-ping text-in-fragments short-close bad-code "
        "bad-utf8 bad-utf8-over-fragments too-long too-long-in-fragments absurdly-long"
    ).split(),
)
def test_what_breaks_the_protocol_is_closed_with_the_code_that_says_why(wire, healthy, sent, code):
    wire.raw(sent)
    ending = wire.ending()
    assert ending is not None
    assert ending[0] == code


def test_a_character_may_be_split_between_fragments(wire, stage):
    whole = '429["board.watch",{"campaign":"é"}]'.encode()
    place = whole.index(b"\xc3") + 1
    wire.say(whole[:place], fin=False)
    wire.say(whole[place:], CONT)
    assert b"not_there" in wire.until(TEXT, b"439")


def test_compression_is_not_negotiated(server):
    with Wire(server.url, extra="Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n") as wire:
        assert "101" in wire.answer
        assert "Sec-WebSocket-Extensions" not in wire.answer


def test_a_handshake_that_is_none_is_refused(server):
    query = {"EIO": "4", "transport": "websocket"}
    for headers in (
        {},
        {"Upgrade": "websocket"},
        {"Upgrade": "websocket", "Connection": "Upgrade"},
        {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "short"},
        {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "8",
            "Sec-WebSocket-Key": "A" * 22 + "==",
        },
    ):
        answer = requests.get(f"{server.url}/socket.io/", params=query, headers=headers, timeout=10)
        assert answer.status_code in (400, 426), headers


def test_another_origin_is_refused(server):
    with Wire(server.url, extra="Origin: https://elsewhere.example\r\n") as wire:
        assert "400" in wire.answer


PASSED_OVER = [
    "", "9", "x", "40[]", '40{"token":7}', '40{"token":"\\ud800"}', "42[7]", '427["vote.cast"]', '427["vote.cast",1,2]',
    '4200000000000["vote.cast",{}]', "40/admin,", "43[]", "437[1]", "45", "451-", "46", '451-["vote.cast",{"_placeholder":true,"num":7}]',
    "b4Zm9v", "bnot base64", "5", "2probe", "6", "3", "33",  '42["message",{}]', '42["*",{}]',
]  # fmt: skip

UNREADABLE = [
    '42["connect"]', '42["disconnect"]', '427["connect",{}]', r'421["\u0063onnect",{}]', r'42["\u0064isconnect","x"]',
    "4", "40{", "42", "42[]", "42{}", "42null", '42["', "420[]", '42["board.watch"', '427["board.watch",' + "[" * 9000 + "]" * 9000 + "]",
    '427["vote.cast",' + "9" * 5000 + "]", "42/admin,[]", "44", '4599999999-["x"]', '4511-["x"]', "4\x00",
]  # fmt: skip


@pytest.mark.parametrize("packet", PASSED_OVER)
def test_a_packet_that_makes_no_sense_is_passed_over(wire, stage, healthy, packet):
    wire.say(packet)
    wire.say(f'428["board.watch",{{"campaign":"{stage.campaign}"}}]')
    assert b'"ok":true' in wire.until(TEXT, b"438")


@pytest.mark.parametrize("packet", UNREADABLE, ids=lambda packet: packet[:20])
def test_a_packet_that_cannot_be_read_ends_the_connection(wire, healthy, packet):
    wire.say(packet)
    assert wire.ending() == (1000, "")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    some.lists(
        some.one_of(
            some.binary(max_size=40),
            some.builds(
                frame,
                some.one_of(some.binary(max_size=60), some.text(max_size=40).map(str.encode)),
                some.sampled_from([TEXT, BINARY, CONT, CLOSE, PING, PONG, 3, 11]),
                fin=some.booleans(),
                masked=some.sampled_from([True, True, True, False]),
                rsv=some.sampled_from([0, 0, 0, 1, 4]),
            ),
        ),
        max_size=6,
    )
)
@example([frame(b'451-["x",{"_placeholder":true,"num":0}]'), frame(b"attached", BINARY)])
def test_whatever_bytes_come_the_others_are_served_and_nothing_breaks(server, stage, sent):
    before = len(server.log.read_text())
    with Wire(server.url) as wire, Wire(server.url) as other:
        wire.open()
        for data in sent:
            wire.raw(data)
        assert works(other.open(), stage)
    assert "Traceback" not in server.log.read_text()[before:]


def test_one_who_asks_without_end_is_slowed_and_nobody_else(server, stage, connect):
    carl = connect("carl")
    with Wire(server.url) as wire:
        wire.open(stage.tokens["bea"])
        act = '42{}["vote.{}",{{"idea":{},"id":"act-number-{}"}}]'
        flood = [
            frame(act.format(number, ("cast", "withdraw")[number % 2], stage.ideas[0], number).encode())
            for number in range(400)
        ]
        wire.raw(b"".join(flood))
        assert carl.cast(stage.ideas[1])["ok"]
        codes = {json.loads(wire.until(TEXT, b"43").split(b"[", 1)[1][:-1]).get("error", {}).get("code") for _ in flood}
    # Where a vote found no room and its withdrawal did, there was nothing to take back.
    assert {None, "busy"} <= codes <= {None, "busy", "no_vote"}


def test_a_client_that_posts_and_never_polls_is_forgotten_with_all_that_waits_for_it(server, stage):
    address = f"{server.url}/socket.io/?EIO=4&transport=polling"
    sid = json.loads(requests.get(address, timeout=10).text[1:])["sid"]
    mine = f"{address}&sid={sid}"
    assert requests.post(mine, data="40", timeout=10).text == "OK"
    asked = "\x1e".join('427["board.watch",{"campaign":"' + stage.campaign + '"}]' for _ in range(90))
    for _ in range(100):
        if requests.post(mine, data=asked, timeout=30).status_code != 200:
            break
    else:
        pytest.fail("it was kept, whatever it did")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"z", b"d=", b"", b"\x1e".join([b"3"] * 2000)])
def test_a_body_that_makes_no_sense_is_refused_without_a_traceback(server, body, healthy):
    address = f"{server.url}/socket.io/?EIO=4&transport=polling"
    sid = json.loads(requests.get(address, timeout=10).text[1:])["sid"]
    answer = requests.post(f"{address}&sid={sid}", data=body, timeout=10)
    assert answer.status_code in (200, 400)
    assert body == b"" or answer.status_code == 400
