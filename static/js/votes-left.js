// How many votes the reader can still give: as the answer to each vote says.
import { counted, number } from "ensemble/live"

class VotesLeft extends HTMLElement {
  connectedCallback() { document.addEventListener("vote:stored", this.#tell) }
  disconnectedCallback() { document.removeEventListener("vote:stored", this.#tell) }

  #tell = ({ detail: { receipt } }) => {
    if (receipt?.left === undefined) return
    this.textContent = counted(this.dataset, receipt.left).replace("{cap}", number(this.dataset.cap))
  }
}

customElements.define("votes-left", VotesLeft)
