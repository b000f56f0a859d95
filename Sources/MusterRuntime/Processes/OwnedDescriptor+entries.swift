import Glibc

extension OwnedDescriptor {
    /// The names in the folder that this descriptor has open, without `.` and `..`.
    public func entries() throws(SystemError) -> [String] {
        try rawEntries().map { name in
            name.withUnsafeBufferPointer {
                String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
        }
    }

    /// The same as C strings: a name need not be UTF-8, and only its own bytes name the file again.
    public func rawEntries() throws(SystemError) -> [[CChar]] {
        // A descriptor of its own, because the place in the list belongs to the open file.
        let copy = openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let folder = fdopendir(copy) else {
            let failure = errno
            if copy >= 0 { Glibc.close(copy) }
            throw SystemError(failure, "list a folder")
        }
        defer { closedir(folder) }
        var found: [[CChar]] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                if errno != 0 { throw SystemError(errno, "list a folder") }
                return found
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                Array($0.bindMemory(to: CChar.self).prefix { $0 != 0 })
            }
            if name != [46], name != [46, 46] { found.append(name + [0]) }
        }
    }
}
