// The puzzle of a form, solved while somebody fills it in: which number, after the nonce, has this SHA-256? Slices of work between which the
// page answers, in place of a worker; and no crypto.subtle, which pages without https lack.
const SLICE = 10 // Milliseconds

class NoRobot extends HTMLElement {
  #form
  #began = performance.now()
  #solved
  #sure = false
  #waiting = false

  connectedCallback() {
    this.#form = this.closest("form")
    this.#form.addEventListener("focusin", this.#begin)
    this.#form.addEventListener("submit", this.#keep)
  }

  disconnectedCallback() {
    this.#form.removeEventListener("focusin", this.#begin)
    this.#form.removeEventListener("submit", this.#keep)
  }

  #begin = () => (this.#solved ??= this.#solve())

  // Sent before it is solved, or sooner than anybody is believed to type: it leaves by itself a moment later.
  #keep = async (event) => {
    if (this.#sure || event.defaultPrevented) return
    event.preventDefault()
    if (this.#waiting) return // Pressed again meanwhile.
    this.#waiting = true
    const { submitter } = event
    submitter?.setAttribute("aria-busy", "true")
    const late = setTimeout(() => { this.querySelector("[role=status]").textContent = this.dataset.told }, 400)
    this.querySelector("[name=solved]").value = (await this.#begin()) ?? ""
    await new Promise((done) => setTimeout(done, this.#began + this.dataset.wait * 1000 + 200 - performance.now()))
    clearTimeout(late)
    submitter?.removeAttribute("aria-busy")
    this.querySelector("[role=status]").textContent = ""
    this.#waiting = false
    this.#sure = true
    this.#form.requestSubmit(submitter ?? undefined)
    this.#sure = false
  }

  async #solve() {
    const { nonce, challenge, most } = this.dataset
    for (let number = 0; number < most;) {
      const until = performance.now() + SLICE
      do {
        if (sha256(nonce + number) === challenge) return number
        number++
      } while (number < most && performance.now() < until)
      await new Promise((go) => setTimeout(go))
    }
  }
}

// FIPS 180-4, for a text of less than 56 ASCII characters: one block.
const PRIMES = []
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n)
const part = (root) => (root % 1) * 2 ** 32 | 0
const K = Int32Array.from(PRIMES, (prime) => part(Math.cbrt(prime)))
const H = Int32Array.from(PRIMES.slice(0, 8), (prime) => part(Math.sqrt(prime)))
const turn = (x, by) => (x >>> by) | (x << (32 - by))
const w = new Int32Array(64)

export function sha256(text) {
  w.fill(0)
  for (let i = 0; i < text.length; i++) w[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8)
  w[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8)
  w[15] = text.length * 8
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15], b = w[i - 2]
    w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))
  }
  let [a, b, c, d, e, f, g, h] = H
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => ((word + H[i]) >>> 0).toString(16).padStart(8, "0")).join("")
}

customElements.define("no-robot", NoRobot)
