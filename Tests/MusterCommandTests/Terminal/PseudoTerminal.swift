import CLinux
import Glibc
import MusterRuntime

/// A terminal without a screen: what is written to `terminal` can be read at the other end.
final class PseudoTerminal {
    let terminal: CInt
    private let screen: CInt

    init(columns: UInt16, rows: UInt16) throws {
        var screen: CInt = -1
        var terminal: CInt = -1
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&screen, &terminal, nil, nil, &size) == 0 else {
            throw SystemError(errno, "open a terminal")
        }
        (self.screen, self.terminal) = (screen, terminal)
        for end in [screen, terminal] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    /// Changes the size, as a person does who drags the window's corner.
    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(screen, UInt(TIOCSWINSZ), &size)
    }

    /// Everything written since the last time, with the terminal's own "\r\n" as "\n".
    ///
    /// The kernel hands it over when it likes, so a mark is written last and waited for.
    func text() -> String {
        let mark: [UInt8] = Array("\0end\0".utf8)
        _ = write(terminal, mark, mark.count)
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 12)
        while !all.suffix(mark.count).elementsEqual(mark) {
            var waiting = pollfd(fd: screen, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 10_000) > 0 else { break }
            let count = read(screen, &chunk, chunk.count)
            guard count > 0 else { break }
            all += chunk[..<count]
        }
        return String(decoding: all.dropLast(mark.count), as: UTF8.self).replacing("\r\n", with: "\n")
    }

    /// What is there to be read now, which may be nothing.
    func available() -> String {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        var waiting = pollfd(fd: screen, events: Int16(POLLIN), revents: 0)
        while poll(&waiting, 1, 0) > 0 {
            let count = read(screen, &chunk, chunk.count)
            guard count > 0 else { break }
            all += chunk[..<count]
        }
        return String(decoding: all, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    deinit {
        close(screen)
        close(terminal)
    }
}
