// MusterAPI: what travels between the service, its workers and its command.
//
// Requests, answers and errors of the HTTP API as values, and the paths they go to, so that both ends are
// compiled from one definition. Nothing here sends or stores anything.
