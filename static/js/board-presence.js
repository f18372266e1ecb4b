// How many people are here, now, and the board's other figures, wherever the page shows them.
import { counted, number, socket, write } from "ensemble/live"

class BoardPresence extends HTMLElement {
  connectedCallback() {
    document.addEventListener("board:counts", this.#count)
    socket.on("connect", this.#back).on("disconnect", this.#lost)
  }

  disconnectedCallback() {
    document.removeEventListener("board:counts", this.#count)
    socket.off("connect", this.#back).off("disconnect", this.#lost)
  }

  #back = () => { delete this.dataset.state }
  #lost = () => { this.dataset.state = "lost" } // The figure shown is what was last heard.

  #count = ({ detail }) => {
    for (const [name, value] of Object.entries(detail)) {
      for (const figure of document.querySelectorAll(`[data-count="${name}"]`)) write(figure, number(value))
    }
    if (detail.people === undefined) return
    write(this, counted(this.dataset, detail.people))
    this.dataset.people = detail.people
  }
}

customElements.define("board-presence", BoardPresence)
