import Glibc
import MusterRuntime

/// The registration token as a tar archive, which is how a file gets into a container that has not started.
///
/// Neither its image, its environment nor its labels show it, and `docker inspect` does not either.
enum TokenArchive {
    /// The folder in the container, of its own so that the worker can delete the file.
    static let folder = "/.muster"
    /// The file in the container.
    static let file = folder + "/token"

    /// The archive, to be unpacked at `/`.
    ///
    /// - Parameter user: whom the container runs as. Where that is no number it is not known here who may have to
    ///   read the file, and everybody in the container may; whoever is in there is the worker or one of its tasks.
    static func bytes(_ token: Secret<String>, user: String?) -> [UInt8] {
        let content = Array(token.reveal().utf8)
        // More than seven octal digits do not fit; user namespaces have such numbers.
        let ids = (user ?? "").split(separator: ":").map { UInt32($0).flatMap { $0 < 1 << 21 ? $0 : nil } }
        let owner = ids.first ?? nil
        let group = (ids.count > 1 ? ids[1] : nil) ?? owner ?? 0
        let isOwned = owner != nil
        let place = (owner ?? 0, group)
        let name = folder.dropFirst()
        return header("\(name)/", type: "5", size: 0, mode: isOwned ? 0o700 : 0o777, place)
            + header("\(name)/token", type: "0", size: content.count, mode: isOwned ? 0o400 : 0o444, place)
            + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
            + [UInt8](repeating: 0, count: 1_024)
    }

    /// A header as POSIX.1-1988 (ustar) has it.
    private static func header(
        _ name: String, type: Character, size: Int, mode: Int, _ place: (owner: UInt32, group: UInt32)
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
        }
        func put(_ number: Int, digits: Int, at offset: Int) {
            let text = String(number, radix: 8)
            put(String(repeating: "0", count: max(0, digits - text.count)) + text, at: offset)
        }
        put(name, at: 0)
        put(mode, digits: 7, at: 100)
        put(Int(place.owner), digits: 7, at: 108)
        put(Int(place.group), digits: 7, at: 116)
        put(size, digits: 11, at: 124)
        put(0, digits: 11, at: 136)
        put(String(repeating: " ", count: 8), at: 148)
        put(String(type), at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        // The sum counts its own field as spaces.
        let sum = block.reduce(0) { $0 + Int($1) }
        put(sum, digits: 6, at: 148)
        block[154] = 0
        return block
    }
}
