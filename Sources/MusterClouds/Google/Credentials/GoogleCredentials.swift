public import MusterCore
public import MusterRuntime

/// What Muster shows to Google to be given tokens.
public enum GoogleCredentials: Sendable {
    /// Reads a credentials file.
    public typealias Source = @Sendable () throws(Problem) -> Secret<[UInt8]>

    /// A file as Google's console and `gcloud` write it: a service account's key, or the configuration of a workload
    /// identity federation. It is read when a token is fetched, since files are renewed under running programs.
    case file(Source)
    /// The service account of the machine that Muster runs on, by its metadata server.
    case metadataServer
}
