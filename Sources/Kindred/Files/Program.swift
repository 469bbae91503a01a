// The program's name and version, as model files and the command line state them.
// SPDX-License-Identifier: Apache-2.0

/// Kindred's name and version.
public enum Program {
  /// The version, by semantic versioning.
  public static let version = "0.1.0"
  /// The name and the version.
  public static let nameAndVersion = "kindred \(version)"
}
