// MusterClouds: how instances are had, found and ended.
//
// `CloudProvider` is the whole of what the engine knows of a cloud; each folder beside it is one
// implementation. Nothing here decides how many instances there should be, and nothing touches the store.
