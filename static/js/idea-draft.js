// What is being typed is kept as a draft a moment after each pause. The form inside works without scripts.
const PAUSE = 1200
const PATIENCE = 30_000 // A line that says nothing must not keep the next one from being saved.

class IdeaDraft extends HTMLElement {
  #timer = 0
  #saving = false
  #again = false

  connectedCallback() {
    this.addEventListener("input", this.#later)
    // Words are kept by themselves; files are kept when the form is sent, so the button comes with the first of them.
    const keep = this.querySelector('[name="act"][value="save"]')
    keep.hidden = true
    this.addEventListener("click", this.#leave)
    this.addEventListener("change", (event) => { if (event.target.type === "file") keep.hidden = false })
  }

  disconnectedCallback() { clearTimeout(this.#timer) }

  #later = () => {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#save, PAUSE)
  }

  // A link leads away at once: what was typed last is kept on the way.
  #leave = ({ target }) => {
    if (!this.#timer || !target.closest("a[href]:not([href^='#'])")) return
    clearTimeout(this.#timer)
    this.#timer = 0
    this.#send({ keepalive: true })
  }

  // One at a time: an older one never lands after a newer one.
  #save = async () => {
    this.#timer = 0
    this.#again = true
    if (this.#saving) return
    this.#saving = true
    while (this.#again && this.isConnected) {
      this.#again = false
      await this.#send()
    }
    this.#saving = false
  }

  async #send(how = {}) {
    const typed = new FormData(this.querySelector("form"))
    for (const files of this.querySelectorAll("input[type=file]")) typed.delete(files.name) // Kept when the form is sent.
    const asked = { method: "POST", body: typed, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE), ...how }
    const answer = await fetch(this.getAttribute("url"), asked).catch(() => null)
    // Who was told no reads why: the campaign has closed, or so much can't be kept. Without an answer, the line is away.
    const said = answer?.ok ? this.dataset.kept : (await answer?.json().catch(() => null))?.error?.message
    this.querySelector("[data-draft-state]").textContent = said ?? this.dataset.unkept
  }
}

customElements.define("idea-draft", IdeaDraft)
