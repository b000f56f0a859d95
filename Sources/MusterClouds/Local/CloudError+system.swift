import Glibc
import MusterCore
import MusterRuntime

extension CloudError {
    /// A failure to start a program: what it names is missing or unfit, or the machine has no room.
    init(starting error: SystemError) {
        switch error.number {
        case ENOENT, ENOTDIR, EACCES, ENOEXEC, EISDIR, ELOOP, ENAMETOOLONG, EINVAL, E2BIG, ELIBBAD:
            self.init(.invalidConfig, cloudCode: error.name, message: error.description)
        default: self.init(error)
        }
    }

    /// A failure of the machine's.
    init(_ error: SystemError) {
        let kind: Kind =
            switch error.number {
            case EAGAIN, ENOMEM, EMFILE, ENFILE: .capacity(offering: LocalProvider.machine.name)
            case ENOSPC, EDQUOT, EROFS, EIO, EBUSY, ESRCH: .transient
            case EPERM, EACCES: .auth
            default: .unknown
            }
        self.init(kind, cloudCode: error.name, message: error.description)
    }
}
