// SPDX-License-Identifier: Apache-2.0
#include "mbsync_state.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace offlineimap::core {

namespace {

namespace fs = std::filesystem;

bool is_number(const std::string& text)
{
    return !text.empty() && text.size() <= 20
        && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Header lines up to an empty one: "FarUidValidity 1795696156". isync before 1.5 knew the sides as
/// master and slave.
bool read_header(std::istream& in, MbsyncState& state)
{
    std::string line;
    while (std::getline(in, line) && !line.empty()) {
        std::istringstream words(line);
        std::string name, value;
        if (!(words >> name >> value) || !is_number(value)) return false;
        if (name == "FarUidValidity" || name == "MasterUidValidity") state.far_validity = value;
        if (name == "NearUidValidity" || name == "SlaveUidValidity") state.near_validity = value;
    }
    return !state.far_validity.empty() && !state.near_validity.empty();
}

/// One line a message: "FAR NEAR FLAGS"; 0 stands for a side that has it no more, `<` and `>`
/// before the flags for a placeholder of a message that was too large.
bool read_pairs(std::istream& in, MbsyncState& state)
{
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream words(line);
        std::string far, near, flags;
        if (!(words >> far >> near) || !is_number(far) || !is_number(near)) return false;
        words >> flags;
        const bool is_placeholder = flags.starts_with('<') || flags.starts_with('>');
        if (far != "0" && near != "0" && !is_placeholder) state.pairs.emplace_back(far, near);
    }
    return true;
}

/// mbsync writes `/` in the names of its files as `!`.
bool is_named_after(const fs::path& file, std::string folder)
{
    std::ranges::replace(folder, '/', '!');
    const std::string name = file.filename().string();
    return name == folder || name.ends_with(":" + folder);
}

}  // namespace

std::optional<MbsyncState> read_mbsync_state(const fs::path& file)
{
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return std::nullopt;
    std::ifstream in(file);
    MbsyncState state;
    state.file = file;
    if (!read_header(in, state) || !read_pairs(in, state)) return std::nullopt;
    state.unfinished = fs::exists(file.string() + ".journal", error);
    return state;
}

std::string mbsync_validity(const fs::path& maildir)
{
    std::ifstream in(maildir / ".uidvalidity");
    std::string line;
    std::getline(in, line);
    return is_number(line) ? line : std::string();
}

std::string mbsync_uid(const std::string& file_name)
{
    const auto at = file_name.rfind(",U=");
    if (at == file_name.npos) return {};
    const auto rest = file_name.substr(at + 3);
    const auto uid = rest.substr(0, rest.find_first_not_of("0123456789"));
    return is_number(uid) ? uid : std::string();
}

std::optional<MbsyncState> find_mbsync_state(
    const fs::path& maildir, const std::string& name, const std::string& far_validity,
    const std::vector<fs::path>& directories)
{
    const auto near_validity = mbsync_validity(maildir);
    if (near_validity.empty()) return std::nullopt;
    std::vector<fs::path> files {maildir / ".mbsyncstate"};
    for (const auto& directory : directories) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(directory, error))
            if (is_named_after(entry.path(), name)) files.push_back(entry.path());
    }
    for (const auto& file : files) {
        auto state = read_mbsync_state(file);
        if (state && state->near_validity == near_validity && state->far_validity == far_validity)
            return state;
    }
    return std::nullopt;
}

}  // namespace offlineimap::core
