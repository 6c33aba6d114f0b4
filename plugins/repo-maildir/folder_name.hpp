// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/types.hpp>

#include <string>
#include <string_view>

// A folder's name is its components joined by the separator, and that is also its directory below
// the root: one level of directories whatever the depth, but nested ones with the separator "/".

namespace offlineimap::maildir {

/// The components, joined.
[[nodiscard]] std::string join(const FolderPath& path, std::string_view separator);
/// The empty name, which is the root itself, has no components.
[[nodiscard]] FolderPath split(std::string_view name, std::string_view separator);

/// Throws rejected, naming the folder, unless the path names a directory of its own strictly below
/// the root: no component that is ".", "..", holds "/", NUL or the separator, or is cur, new or tmp
/// among nested directories. Empty components are refused, but for a leading one (".Sent", the way
/// of Maildir++) where folders are not nested.
void check_path(const FolderPath& path, std::string_view separator);

}  // namespace offlineimap::maildir
