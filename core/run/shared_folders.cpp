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

/// The names under which one of our status stores, or the original's, keeps records.
std::vector<std::string> recorded_folders(const fs::path& account)
{
    std::vector<std::string> names;
    for (const auto* store : {"LocalStatus", "LocalStatus-sqlite", "LocalStatus-lmdb/open"}) {
        std::error_code error;
        for (const auto& file : fs::directory_iterator(account / store, error))
            names.push_back(file.path().filename().string());
    }
    return names;
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

std::map<std::string, std::string>
other_owners(const Config& config, const fs::path& metadata, const std::string& account)
{
    std::map<std::string, std::string> owners;
    const auto own = std::ranges::find(config.accounts, account, &Section::name);
    if (own == config.accounts.end()) return owners;
    const auto root = root_of(repository_of(config, *own, "localrepository"));
    if (root.empty()) return owners;
    for (const Section& other : config.accounts) {
        if (other.name == account
            || root_of(repository_of(config, other, "localrepository")) != root)
            continue;
        for (auto& folder : recorded_folders(metadata / concat("Account-", other.name)))
            owners.emplace(std::move(folder), other.name);
    }
    return owners;
}

}  // namespace offlineimap::core
