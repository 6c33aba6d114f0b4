// SPDX-License-Identifier: Apache-2.0
#include "pairing_rules.hpp"

#include "core/text/strings.hpp"

namespace offlineimap::core {
namespace {

/// The components of a name that nametrans made, in the repository's own separator.
FolderPath components(const std::string& name, const std::string& separator)
{
    if (separator.empty()) return {name};
    FolderPath path;
    std::size_t at = 0;
    for (auto next = name.find(separator); next != name.npos; next = name.find(separator, at)) {
        path.push_back(name.substr(at, next - at));
        at = next + separator.size();
    }
    path.push_back(name.substr(at));
    return path;
}

}  // namespace

sync::FolderRules pairing_rules(
    const FolderRules& folders, const FolderOrder& order, const RepositorySettings& repository,
    const SectionSettings& settings, const std::string& separator_of_other_side)
{
    sync::FolderRules rules;
    rules.create = repository.create_folders && !repository.readonly;
    rules.subscribed_only = settings.has("subscribedonly") && settings.flag("subscribedonly");
    const bool is_maildir = settings.has("localfolders");
    if (is_maildir) rules.separator = settings.has("sep") ? settings.text("sep") : "";
    rules.folds_inbox = !is_maildir;
    rules.accepts = [&folders](const FolderInfo& folder) { return folders.accepts(folder.name); };
    rules.belongs = [&folders](const FolderInfo& folder) { return folders.belongs(folder.name); };
    if (folders.translates())
        rules.translate = [&folders](const FolderInfo& folder) {
            const auto name = folders.translate(folder.name);
            return name == folder.name ? folder.path : components(name, folder.separator);
        };
    if (folders.works_both_ways())
        rules.origin = [&folders, there = separator_of_other_side](
                           const FolderPath& path,
                           const std::string& separator) -> std::optional<FolderPath> {
            const auto& written = there.empty() ? separator : there;
            const auto name = folders.origin(join(path, separator), join(path, written));
            if (!name) return std::nullopt;
            return components(*name, separator);
        };
    if (order.is_set())
        rules.order = [&folders, &order](const std::vector<FolderInfo>& list) {
            std::vector<std::string> names;
            names.reserve(list.size());
            for (const FolderInfo& folder : list)
                names.push_back(folders.translate(folder.name));
            return order.order(names);
        };
    return rules;
}

}  // namespace offlineimap::core
