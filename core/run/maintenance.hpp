// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "program.hpp"

#include <string>

// What the command line asks for instead of a synchronisation. Each of them throws, or says what
// failed.

namespace offlineimap::core {

/// `--mbnames-prune`
void prune_folder_names(const Program& program);

/// `--delete-folder`: removes it from the remote side of the one chosen account. The local folder
/// stays.
void delete_remote_folder(const Program& program, const std::string& name);

/// `--migrate-fmd5-using-nametrans`: marks the files of the chosen accounts' Maildirs by the names
/// that nametrans gives their folders.
void migrate_marks(const Program& program);

}  // namespace offlineimap::core
