// The stages of the campaign while its page is open: what depends on them follows, and nothing that somebody stands on is pulled away.
import { parse } from "ensemble/live"

class CampaignStage extends HTMLElement {
  connectedCallback() { document.addEventListener("board:stage", this.#turn) }
  disconnectedCallback() { document.removeEventListener("board:stage", this.#turn) }

  #turn = ({ detail }) => {
    for (const piece of parse(detail.html).children) {
      const box = document.getElementById(piece.id)
      if (box && box.innerHTML.trim() !== piece.innerHTML.trim()) fill(box, piece)
    }
  }
}

function fill(box, piece) {
  if (!box.contains(document.activeElement)) return box.replaceChildren(...piece.childNodes)
  box.addEventListener("focusout", () => requestAnimationFrame(() => fill(box, piece)), { once: true })
}

customElements.define("campaign-stage", CampaignStage)
