// Ends the session when its user says so.

document.getElementById('leave').addEventListener('click', async () => {
  try {
    const answer = await fetch('/hawtio/auth/logout', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'});
    if (answer.ok || answer.status === 401) {
      location.replace('/hawtio/');
      return;
    }
    document.getElementById('says').textContent = 'Not signed out: ' + await answer.text();
  } catch (e) {
    document.getElementById('says').textContent = 'The node does not answer. Does it run?';
  }
});
