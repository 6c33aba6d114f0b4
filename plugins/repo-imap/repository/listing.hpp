// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/repository.hpp>

#include <string_view>
#include <vector>

namespace offlineimap::imap {

/// Session::folders(): one LIST with STATUS where the server can, else a LIST and a STATUS for
/// each.
[[nodiscard]] std::vector<FolderInfo> list_folders(Context& context);
/// STATUS of one folder, all that tells whether something happened in it; `more` begins with a
/// blank.
[[nodiscard]] CommandLine
status_line(const Context& context, std::string_view wire, std::string_view more = {});
/// Session::create_folder()
[[nodiscard]] FolderInfo create_folder(Context& context, const FolderPath& path);
/// Session::delete_folder()
void delete_folder(Context& context, const FolderPath& path);
/// Session::rename_folder()
void rename_folder(Context& context, const FolderPath& from, const FolderPath& to);

}  // namespace offlineimap::imap
