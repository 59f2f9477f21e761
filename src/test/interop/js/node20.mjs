// libp2p 3 asks for Node 22 only for this one function; with it, it runs on 20.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new Promise((a, b) => { resolve = a; reject = b })
  return { promise, resolve, reject }
}
