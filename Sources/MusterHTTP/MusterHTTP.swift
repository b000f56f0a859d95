// MusterHTTP: every HTTP call that Muster makes, over libcurl.
//
// One call, one answer, with deadlines and bounds. Retries, rate limits and metrics are layers above it;
// it knows nothing of clouds, of the service's API or of what a status means.
