import Glibc
import MusterRuntime

/// The file that a command's output goes to, seen after the command has ended.
struct OutputFile: Hashable, Sendable {
    let path: String

    /// The end of the output; empty when there is none or it cannot be read.
    func tail() async -> String {
        await BlockingWork.run { [path] in
            guard let file = try? OwnedDescriptor.open(path, O_RDONLY) else { return "" }
            var status = stat()
            guard fstat(file.number, &status) == 0 else { return "" }
            let start = max(0, status.st_size - WorkerPolicy.tailBytes)
            guard lseek(file.number, start, SEEK_SET) == start,
                let bytes = try? file.readAll(limit: status.st_size - start)
            else { return "" }
            return OutputTail.text(bytes, isWhole: start == 0)
        }
    }

    /// Whether more could still be written.
    ///
    /// The command writes by itself, so nobody sees its writes fail: this writes a block after its output
    /// and takes it back.
    func takesMore() async -> Bool {
        await BlockingWork.run { [path] in
            guard let file = try? OwnedDescriptor.open(path, O_WRONLY) else { return false }
            var status = stat()
            guard fstat(file.number, &status) == 0 else { return false }
            defer { ftruncate(file.number, status.st_size) }
            let block = [UInt8](repeating: UInt8(ascii: "\n"), count: 4_096)
            return pwrite(file.number, block, block.count, status.st_size) == block.count
        }
    }
}
