// While somebody writes an idea, what is on the board already and says nearly the same: asked for after a pause, shown below what they type.
const PAUSE = 700
const PATIENCE = 5000
const SHORTEST = 8 // As on the server: before that, nobody knows what it will be.
const ASKING = ["title", "text"]

class SimilarIdeas extends HTMLElement {
  #timer = 0
  #asked = ""
  #request = null
  #waiting = null

  connectedCallback() {
    this.#form.addEventListener("input", this.#later)
    this.#form.addEventListener("focusin", this.#showWaiting)
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
    this.#request?.abort()
  }

  get #form() { return this.closest("form") }

  #later = ({ target }) => {
    if (!ASKING.includes(target.name)) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#ask, PAUSE)
  }

  #ask = async () => {
    const typed = new FormData()
    for (const name of ["csrf_token", ...ASKING]) typed.set(name, this.#form.elements[name].value.trim().slice(0, 500))
    const [title, text] = ASKING.map((name) => typed.get(name))
    // The text counts only where the title doesn't say anything yet.
    const asked = title.length >= SHORTEST ? title : text
    if (asked === this.#asked) return
    this.#asked = asked
    this.#request?.abort()
    if (asked.length < SHORTEST) return this.#show("")
    this.#request = new AbortController()
    const signal = AbortSignal.any([this.#request.signal, AbortSignal.timeout(PATIENCE)])
    const answer = await fetch(this.getAttribute("url"), { method: "POST", body: typed, headers: { Accept: "text/html" }, signal }).catch(() => null)
    if (answer?.ok) this.#show(await answer.text().catch(() => ""))
  }

  // What somebody is filling in, or about to press, must not move or vanish under their hands.
  get #isInTheWay() {
    const active = document.activeElement
    return this.contains(active) || (this.#form.contains(active) && this.compareDocumentPosition(active) & Node.DOCUMENT_POSITION_FOLLOWING)
  }

  #show(html) {
    this.#waiting = html
    this.#showWaiting()
  }

  #showWaiting = () => {
    if (this.#waiting === null || this.#isInTheWay) return
    const before = this.#names
    this.querySelector(".similar__place").innerHTML = this.#waiting
    this.#waiting = null
    const count = this.querySelectorAll(".similar__idea").length
    if (this.#names === before) return
    const { one, many } = this.dataset
    this.querySelector("[role=status]").textContent = count === 0 ? "" : count === 1 ? one : many.replace("{count}", count)
  }

  get #names() { return [...this.querySelectorAll(".similar__name")].map((name) => name.id).join() }
}

customElements.define("similar-ideas", SimilarIdeas)
