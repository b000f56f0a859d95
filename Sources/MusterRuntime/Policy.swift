/// The bounds on files and on what is read from outside.
enum RuntimePolicy {
    /// How deep lists and objects may nest, the root counted as 1. Nothing that people write comes near it,
    /// and a parser that recurses this far needs little stack.
    static let deepest = 64

    /// The largest YAML input in bytes: a thousand pools take 0.2 MB, and 8 MiB parse in about a second.
    static let largestYAML = 8 << 20

    /// How much is asked for in one `read`.
    static let readChunk = 1 << 16

    /// How many names are tried for a temporary file: each one taken is another writer of the same file, or
    /// what a writer that died left behind.
    static let temporaryNames = 1_000
    /// Bytes: the largest file of the IANA database has 4 kB, and the fat ones of old have 8.
    static let largestTimeZone = 256 << 10
    /// An update of the time zones is followed within minutes, and costs a look at a file a day's decisions do not
    /// notice.
    static let timeZoneRecheck = Duration.seconds(5 * 60)
    /// Bytes: a token of a few kilobytes, with room.
    static let largestSecret = 64 << 10
    /// Bytes of one XML text: a thousand machines as a cloud describes them take 5 MB, and nobody sends more in
    /// one answer.
    static let largestXML = 32 << 20
    /// Elements that one wanted element may hold: a machine as a cloud describes it has some hundreds.
    static let largestXMLElement = 20_000
}
