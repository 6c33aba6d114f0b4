// SPDX-License-Identifier: Apache-2.0
#include "folder_names.hpp"

#include "core/text/strings.hpp"

#include <nlohmann/json.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

namespace offlineimap::core {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

[[noreturn]] void fail(std::string_view what, const fs::path& file)
{
    throw Error(
        Errc::io, Scope::repository, Retry::later,
        concat("mbnames: ", what, " ", file.string(), ": ", std::strerror(errno)));
}

/// Beside and renamed: a mail reader never sees half a list.
void write_file(const fs::path& file, const std::string& text)
{
    // Through a link to the file it stands for, so that the link stays.
    std::error_code ignored;
    const auto real = fs::weakly_canonical(file, ignored);
    const fs::path& target = ignored ? file : real;
    const fs::path beside = target.string() + ".tmp";
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) fail("write", beside);
    fs::rename(beside, target, ignored);
    if (ignored) {
        errno = ignored.value();
        fail("rename to", target);
    }
}

/// As Python's json.dump writes by default: a blank behind comma and colon, ASCII alone. Bytes that
/// are no UTF-8 are replaced.
std::string in_json(std::string_view text)
{
    return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string text_of(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

FolderNames::FolderNames(const Program& program)
    : program_(program)
    , directory_(program.general.metadata / "mbnames")
    , settings_(mbnames_settings(program.config, program.script))
{
}

fs::path FolderNames::file_of(const std::string& account) const
{
    return directory_ / (account + ".json");
}

void FolderNames::add(const AccountFolders& account)
{
    if (!wanted() || account.folders.empty()) return;
    const std::lock_guard lock(mutex_);
    auto& known = known_[account.account];
    for (const auto& folder : account.folders)
        if (passes(*settings_, account.account, folder))
            known.insert({account.account, folder, account.local_folders});
    if (program_.general.dry_run) {
        program_.bus.log(Level::info, "mbnames would write " + file_of(account.account).string());
        return;
    }
    std::string json = "[";
    for (const auto& item : known) {
        if (json.size() > 1) json += ", ";
        json += concat(
            R"({"accountname": )", in_json(item.account), R"(, "foldername": )",
            in_json(item.folder), R"(, "localfolders": )",
            item.local_folders.empty() ? "null" : in_json(item.local_folders), "}");
    }
    if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST)
        fail("make directory", directory_);
    write_file(file_of(account.account), json + "]");
    if (settings_->incremental) write_list();
}

void FolderNames::write()
{
    const std::lock_guard lock(mutex_);
    if (wanted()) write_list();
}

void FolderNames::write_list()
{
    if (program_.general.dry_run) {
        program_.bus.log(Level::info, "mbnames would write " + settings_->filename.string());
        return;
    }
    write_file(settings_->filename, text());
}

std::vector<FolderNames::Item> FolderNames::read(const fs::path& file) const
{
    std::vector<Item> items;
    const auto json = Json::parse(std::ifstream(file), nullptr, false);
    if (!json.is_array()) {
        program_.bus.log(
            Level::warning,
            "mbnames: " + file.string() + " cannot be read; its account is left out of the list");
        return items;
    }
    for (const auto& object : json)
        if (object.is_object())
            items.push_back(
                {text_of(object, "accountname"), text_of(object, "foldername"),
                 text_of(object, "localfolders")});
    return items;
}

std::vector<FolderNames::Item> FolderNames::sorted_items() const
{
    std::vector<Item> items;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory_, ignored))
        if (entry.path().extension() == ".json")
            std::ranges::move(read(entry), std::back_inserter(items));
    std::sort(items.begin(), items.end());
    return settings_->sort_key ? sorted_by_key(items) : items;
}

std::vector<FolderNames::Item> FolderNames::sorted_by_key(const std::vector<Item>& items) const
{
    auto* ordering = static_cast<Ordering*>(settings_->sort_key->facet(Ordering::facet_name));
    if (ordering == nullptr)
        throw Error(Errc::config, "[mbnames] sort_keyfunc: expected a function of an entry");
    std::vector<Ordering::Fields> entries;
    for (const auto& item : items) {
        const auto root =
            item.local_folders.empty() ? std::nullopt : std::optional(item.local_folders);
        entries.push_back(
            {{"accountname", item.account}, {"foldername", item.folder}, {"localfolders", root}});
    }
    std::vector<Item> sorted;
    for (const auto position : ordering->by_key(entries))
        sorted.push_back(items.at(position));
    return sorted;
}

std::string FolderNames::text() const
{
    std::string text = settings_->header;
    bool first = true;
    for (const auto& item : sorted_items()) {
        if (!std::exchange(first, false)) text += settings_->separator;
        text += formatted(settings_->per_item, {item.account, item.folder, item.local_folders});
    }
    return text + settings_->footer;
}

void FolderNames::prune()
{
    const std::lock_guard lock(mutex_);
    const auto& chosen = program_.general.accounts;
    std::error_code ignored;
    std::vector<fs::path> stale;
    for (const auto& entry : fs::directory_iterator(directory_, ignored)) {
        const auto& file = entry.path();
        const bool kept =
            wanted() && std::ranges::find(chosen, file.stem().string()) != chosen.end();
        if (file.extension() == ".json" && !kept) stale.push_back(file);
    }
    for (const auto& file : stale) {
        program_.bus.log(
            Level::info,
            (program_.general.dry_run ? "[DRYRUN] Forgetting " : "Forgetting ") + file.string());
        if (!program_.general.dry_run && !fs::remove(file, ignored) && ignored) {
            errno = ignored.value();
            fail("remove", file);
        }
    }
    if (wanted()) write_list();
}

}  // namespace offlineimap::core
