// Passkeys: the one thing that needs JavaScript. A form says by data-passkey what it is for.
//   add:  makes a passkey; its options are in the element that data-options names
//   use:  proves one that exists; options as above, or fetched from the form's own address

const toCreate = (options) => PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey)
const toGet = (options) => PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey)

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent)
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(answer.status)
  return (await answer.json()).request_options
}

async function credentialFor(form) {
  const options = await optionsOf(form)
  if (form.dataset.passkey === "use") return navigator.credentials.get({ publicKey: toGet(options) })
  const publicKey = toCreate(options)
  // Only such a passkey can sign in alone: kept on the device, and unlocked by its owner.
  publicKey.authenticatorSelection = { residentKey: "required", requireResidentKey: true, userVerification: "required" }
  return navigator.credentials.create({ publicKey })
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) continue
  form.hidden = false
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return
    event.preventDefault()
    const problem = form.querySelector("[data-problem]")
    problem.hidden = true
    try {
      const credential = await credentialFor(form)
      form.elements.credential.value = JSON.stringify(credential.toJSON())
      form.submit()
    } catch {
      problem.hidden = false
    }
  })
}
