// The supporters that an idea has of those that it needs: what the total beside it says, while that moves.
class ClimbVotes extends HTMLElement {
  #watching = new MutationObserver(() => this.#say())

  connectedCallback() {
    if (this.#total) this.#watching.observe(this.#total, { childList: true, characterData: true, subtree: true })
  }

  disconnectedCallback() { this.#watching.disconnect() }

  get #total() { return this.closest(".idea, .ballot")?.querySelector(".idea__votes") }

  #say() {
    const figure = this.#total.textContent.trim()
    if (this.textContent !== figure) this.textContent = figure
  }
}

customElements.define("climb-votes", ClimbVotes)
