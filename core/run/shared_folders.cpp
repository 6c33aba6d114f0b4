// SPDX-License-Identifier: Apache-2.0
#include "shared_folders.hpp"

#include "core/config/values.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

namespace offlineimap::core {

namespace {

namespace fs = std::filesystem;

const Section* repository_of(const Config& config, const Section& account, std::string_view option)
{
    const auto* name = account.find(option);
    return name == nullptr ? nullptr : config.repository(trimmed(name->text));
}

/// Empty where it has none, or says it with an expression.
fs::path root_of(const Section* local)
{
    const Value* value = local == nullptr ? nullptr : local->find("localfolders");
    if (value == nullptr || value->text.empty()) return {};
    const fs::path written = expand_path(value->text);
    std::error_code error;
    const auto real = fs::weakly_canonical(written, error);
    return error ? written : real;
}

bool has_folder_rules(const Section* repository)
{
    return repository != nullptr
        && (repository->has("nametrans") || repository->has("folderfilter")
            || repository->has("folderincludes") || repository->has("folders"));
}

}  // namespace

void refuse_shared_folders(const Config& config)
{
    std::map<fs::path, const Section*> seen;
    for (const Section& account : config.accounts) {
        const auto* local = repository_of(config, account, "localrepository");
        const auto root = root_of(local);
        if (root.empty() || has_folder_rules(local)
            || has_folder_rules(repository_of(config, account, "remoterepository")))
            continue;
        const auto [first, added] = seen.emplace(root, &account);
        if (!added)
            throw Error(
                Errc::config,
                concat(
                    "the accounts ", in_quotes(first->second->name), " and ",
                    in_quotes(account.name), " would keep their mail in the same local folders, ",
                    root.string(),
                    ", and mix it; nothing was done. Give each of them a localfolders of its own"));
    }
}

}  // namespace offlineimap::core
