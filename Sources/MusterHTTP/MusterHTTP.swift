// MusterHTTP: every HTTP call that Muster makes, over libcurl.
//
// `HTTPClient`: one call, one answer, with deadlines and bounds. `Pacing` is the layer above it for calls to clouds:
// rates, retries and figures. Neither knows anything of clouds, of the service's API or of what a status means.
