// MusterServer: HTTP in. The transport, the API and what a browser sees.
//
// Turns requests into calls of the engine and the engine's values into answers. It may not touch the
// store directly.
