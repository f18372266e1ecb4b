"""What open pages ask of the server by themselves: in its order, and no more often than it takes."""

from playwright.sync_api import expect


def test_a_draft_is_saved_in_the_order_in_which_it_was_typed(open_as, stage):
    bea = open_as("bea", f"{stage.url}/ideas/new")
    asked = []
    bea.route("**/draft", lambda route: asked.append(route))
    title = bea.locator("[name=title]")
    title.fill("A can for the train")
    bea.wait_for_timeout(1600)
    assert len(asked) == 1
    title.fill("A can for the bus")
    bea.wait_for_timeout(1600)
    assert len(asked) == 1, "the first is still on its way"
    asked[0].continue_()
    bea.wait_for_timeout(400)
    assert len(asked) == 2
    assert "A can for the bus" in asked[1].request.post_data
    asked[1].continue_()
    expect(bea.locator("[data-draft-state]")).not_to_be_empty()


def test_a_lively_talk_is_not_asked_for_at_every_remark(open_as, stage):
    bea = open_as("bea", f"/ideas/{stage.ideas[0]}")
    asked = []
    bea.on(
        "request", lambda request: asked.append(request) if request.url.endswith(f"/ideas/{stage.ideas[0]}") else None
    )
    heard = """(id) => document.dispatchEvent(new CustomEvent("board:idea", { detail: { id } }))"""
    for _remark in range(20):
        bea.evaluate(heard, stage.ideas[0])
        bea.wait_for_timeout(200)
    assert 1 <= len(asked) <= 2
