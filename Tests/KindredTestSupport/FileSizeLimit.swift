// Making writes fail as on a full disk.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Lets this process write files of up to `bytes` only; larger ones fail with an error.
///
/// For the child processes of exit tests: the limit cannot be taken back.
package func limitFileSize(to bytes: Int) {
  _ = signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
  #if canImport(Darwin)
    let resource = RLIMIT_FSIZE
  #else
    let resource = __rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue))
  #endif
  let status = unsafe setrlimit(resource, &limit)
  precondition(status == 0, "the limit could not be set")
}
