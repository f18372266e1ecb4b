"""An event that breaks on our side is answered like every other."""

from campaign.extensions import socketio
from campaign.live.sockets import on


def test_what_breaks_is_acknowledged_with_a_sentence_and_logged(app, capsys):
    @on("test.break")
    def fall(data):
        raise RuntimeError("the secret reason")

    answer = socketio.test_client(app).emit("test.break", {}, callback=True)
    assert answer["ok"] is False
    assert answer["error"]["code"] == "broken"
    assert "secret" not in answer["error"]["message"]
    assert "the secret reason" in capsys.readouterr().out
