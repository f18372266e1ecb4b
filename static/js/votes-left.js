// How many votes the reader can still give: as the answer to each vote says.
class VotesLeft extends HTMLElement {
  connectedCallback() { document.addEventListener("vote:stored", this.#tell) }
  disconnectedCallback() { document.removeEventListener("vote:stored", this.#tell) }

  #tell = ({ detail: { receipt } }) => {
    if (receipt?.left === undefined) return
    this.textContent = this.dataset.told.replace("{left}", receipt.left).replace("{cap}", this.dataset.cap)
  }
}

customElements.define("votes-left", VotesLeft)
