// SPDX-License-Identifier: Apache-2.0
#include "plugin_path.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/plugin.hpp>

#include <algorithm>
#include <cstdlib>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::core {

namespace fs = std::filesystem;

namespace {

constexpr const char* this_program = "/proc/self/exe";

fs::path plugins_folder()
{
    return fs::path("offlineimap") / concat("plugins-", std::to_string(abi_major));
}

fs::path home()
{
    if (const char* value = ::secure_getenv("HOME"); value != nullptr && *value != '\0')
        return value;
    const auto* user = ::getpwuid(::geteuid());
    return user != nullptr ? user->pw_dir : "";
}

std::vector<fs::path> from_environment()
{
    std::vector<fs::path> paths;
    if (const char* value = ::secure_getenv("OFFLINEIMAP_PLUGIN_PATH"); value != nullptr) {
        for (const auto piece : split(value, ':'))
            if (!piece.empty()) paths.emplace_back(piece);
    }
    return paths;
}

std::vector<fs::path> beside_the_program()
{
    std::error_code error;
    const auto program = fs::read_symlink(this_program, error);
    if (error) return {};
    const auto prefix = program.parent_path().parent_path();
    std::vector<fs::path> paths;
    for (const char* library_folder : {OFFLINEIMAP_LIBDIR, "lib", "lib64"}) {
        const auto path = prefix / library_folder / plugins_folder();
        if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
    }
    return paths;
}

void require_absolute(const fs::path& path, std::string_view where)
{
    if (path.is_absolute()) return;
    throw Error(
        Errc::config,
        concat("plugin path ", in_quotes(path.string()), " in ", where, " is not absolute"));
}

bool is_trusted_owner(uid_t owner)
{
    struct stat program = {};
    return owner == 0 || owner == ::geteuid()
        || (::stat(this_program, &program) == 0 && owner == program.st_uid);
}

std::string unsafe_entry(const fs::path& path, std::string_view what)
{
    struct stat entry = {};
    if (::stat(path.c_str(), &entry) != 0) return {};  // to open it will tell why not
    if ((entry.st_mode & S_IWOTH) != 0)
        return concat(what, " can be changed by every user of this machine; chmod o-w it");
    if (!is_trusted_owner(entry.st_uid))
        return concat(
            what, " belongs to another user (uid ", std::to_string(entry.st_uid),
            "), who could change it");
    return {};
}

}  // namespace

std::vector<fs::path> plugin_search_path(std::span<const fs::path> configured)
{
    auto paths = from_environment();
    for (const auto& path : paths)
        require_absolute(path, "OFFLINEIMAP_PLUGIN_PATH");
    for (const auto& path : configured) {
        require_absolute(path, "the setting plugin-path");
        paths.push_back(path);
    }
    if (const auto own = home(); own.is_absolute())
        paths.push_back(own / ".local/lib" / plugins_folder());
    for (auto& path : beside_the_program())
        paths.push_back(std::move(path));
    return paths;
}

std::string unsafe_to_load(const fs::path& file)
{
    if (auto why = unsafe_entry(file, "it"); !why.empty()) return why;
    const auto folder = file.parent_path();
    return unsafe_entry(folder, concat("its directory ", folder.string()));
}

}  // namespace offlineimap::core
