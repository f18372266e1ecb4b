// Tells which ideas of a page were really on the screen: half of the card, for a second. Each is told once, and nothing about who looks.
const LOOKED = 1000 // Milliseconds.
const EVERY = 5000

class SeenIdeas extends HTMLElement {
  #shown = new Map() // On the screen since then: card → timer.
  #fresh = new Set() // Seen, and not told yet.
  #watching = new IntersectionObserver((entries) => entries.forEach(this.#meet), { threshold: 0.5 })
  #round

  connectedCallback() {
    for (const id of this.dataset.ideas.split(" ")) {
      const card = document.getElementById(`${this.dataset.as ?? "idea"}-${id}`)
      if (card) this.#watching.observe(card)
    }
    this.#round = setInterval(this.#tell, EVERY)
    document.addEventListener("visibilitychange", this.#leave)
  }

  disconnectedCallback() {
    this.#tell()
    this.#watching.disconnect()
    clearInterval(this.#round)
    document.removeEventListener("visibilitychange", this.#leave)
  }

  #meet = ({ target, isIntersecting }) => {
    clearTimeout(this.#shown.get(target))
    this.#shown.delete(target)
    if (isIntersecting) this.#shown.set(target, setTimeout(() => this.#see(target), LOOKED))
  }

  #see(card) {
    this.#shown.delete(card)
    if (document.hidden) return
    this.#watching.unobserve(card)
    this.#fresh.add(card.id.split("-").at(-1))
  }

  #leave = () => { if (document.hidden) this.#tell() }

  #tell = () => {
    if (!this.#fresh.size) return
    const told = navigator.sendBeacon("/seen", new URLSearchParams({ page: this.dataset.page, ideas: [...this.#fresh].join() }))
    if (told) this.#fresh.clear()
  }
}

customElements.define("seen-ideas", SeenIdeas)
