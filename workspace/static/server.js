// Talks to the workspace process: acts go out as POSTs, changes come in over one WebSocket.

/** Do something as `person`; gives the answer, or throws an Error with the workspace's own words. */
export async function act(name, body) {
  const response = await fetch(`/local/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (answer.error) throw new Error(answer.error);
  return answer;
}

/**
 * Follow everything `person` sees: `learn` is called with each change, first a whole snapshot.
 * Connects again when the connection breaks; gives a function that ends it.
 */
export function follow(person, learn, lost) {
  let ended = false;
  let socket;
  let pause = 300;
  const connect = () => {
    socket = new WebSocket(`ws://${location.host}/local/live?person=${encodeURIComponent(person)}`);
    socket.onmessage = (event) => {
      if (ended) return;
      pause = 300;
      learn(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (ended) return;
      lost();
      setTimeout(() => ended || connect(), pause);
      pause = Math.min(pause * 2, 5000);
    };
  };
  connect();
  return () => {
    ended = true;
    socket.close();
  };
}
