// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/error.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

namespace offlineimap::sync {

/// Throws io with what errno says of the file. `what` was tried: "open".
[[noreturn]] inline void throw_errno(const char* what, const std::filesystem::path& file)
{
    throw Error(Errc::io, std::string(what) + " " + file.string() + ": " + std::strerror(errno));
}

}  // namespace offlineimap::sync
