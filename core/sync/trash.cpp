// SPDX-License-Identifier: Apache-2.0
#include "trash.hpp"

#include <algorithm>

namespace offlineimap::sync {
namespace {

FolderPath path_of(const std::string& name, const std::string& separator)
{
    FolderPath path;
    std::size_t at = 0;
    if (!separator.empty())
        for (auto next = name.find(separator); next != name.npos; next = name.find(separator, at)) {
            path.push_back(name.substr(at, next - at));
            at = next + separator.size();
        }
    path.push_back(name.substr(at));
    return path;
}

}  // namespace

FolderIndex trash_folder(SyncContext& context, Side side)
{
    const std::string& name = context.rules[side].trash;
    auto session = context.sessions[side]->take();
    try {
        const auto folders = session->folders();
        const auto there = std::find_if(
            folders.begin(), folders.end(), [&](const FolderInfo& f) { return f.name == name; });
        if (there != folders.end()) return there->index;
        const std::string separator = folders.empty() ? std::string() : folders.front().separator;
        return session->create_folder(path_of(name, separator)).index;
    } catch (const Error& error) {
        if (error.scope() >= Scope::session) session.drop();
        throw;
    }
}

}  // namespace offlineimap::sync
