// SPDX-License-Identifier: Apache-2.0
#include "run_record.hpp"

#include "core/text/strings.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <system_error>
#include <unistd.h>

namespace offlineimap::core {
namespace {

using Json = nlohmann::json;
using std::chrono::sys_seconds;

constexpr auto file_name = "last-run.json";
constexpr int version = 1;

Json to_json(const LastTimes& times)
{
    Json json = Json::object();
    if (times.success) json["last_success"] = times.success->time_since_epoch().count();
    if (times.failure) {
        json["last_error_time"] = times.failure->time_since_epoch().count();
        json["last_error"] = times.error;
    }
    if (times.failing) json["failing"] = true;
    return json;
}

std::optional<sys_seconds> time_in(const Json& json, const char* name)
{
    const auto it = json.find(name);
    if (it == json.end()) return std::nullopt;
    return sys_seconds(std::chrono::seconds(it->get<std::int64_t>()));
}

void read(const Json& json, LastTimes& times)
{
    times.success = time_in(json, "last_success");
    times.failure = time_in(json, "last_error_time");
    times.error = json.value("last_error", "");
    times.failing = json.value("failing", false);
}

void note(LastTimes& times, const std::string& error, sys_seconds now)
{
    times.failing = !error.empty();
    if (error.empty()) {
        times.success = now;
    } else {
        times.failure = now;
        times.error = error;
    }
}

[[noreturn]] void fail(const char* tried, const std::filesystem::path& file)
{
    throw Error(
        Errc::io, concat(tried, " ", file.string(), ": ", std::generic_category().message(errno)));
}

}  // namespace

RunRecord RunRecord::load(const std::filesystem::path& directory)
{
    RunRecord record;
    try {
        std::ifstream file(directory / file_name);
        const Json json = Json::parse(file);
        if (json.at("version") != version) return record;
        read(json, record.account);
        for (const auto& [name, folder] : json.at("folders").items()) {
            Folder& entry = record.folders[name];
            read(folder, entry);
            entry.unfinished = folder.value("unfinished", false);
        }
        return record;
    } catch (const Json::exception&) {
        return {};
    } catch (const std::ios_base::failure&) {  // a broken disk, a directory of that name
        return {};
    }
}

void RunRecord::save(const std::filesystem::path& directory) const
{
    Json json = to_json(account);
    json["version"] = version;
    json["folders"] = Json::object();
    for (const auto& [name, folder] : folders) {
        Json entry = to_json(folder);
        if (folder.unfinished) entry["unfinished"] = true;
        json["folders"][name] = std::move(entry);
    }
    // Names from a server need not be UTF-8.
    const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    const auto file = directory / file_name;
    const auto temporary = directory / concat(file_name, ".tmp");
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) fail("open", temporary);
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (::close(fd) != 0 || !written) fail("write", temporary);
    if (::rename(temporary.c_str(), file.c_str()) != 0) fail("rename", temporary);
}

void RunRecord::add(const sync::SyncResult& result, sys_seconds now, Reach reach)
{
    std::set<std::string> present;
    for (std::size_t i = 0; i < result.pairs.size(); ++i) {
        const auto& outcome = result.outcomes[i];
        present.insert(result.pairs[i].name);
        if (!outcome.looked_at) continue;
        Folder& folder = folders[result.pairs[i].name];
        folder.unfinished = outcome.unfinished;
        if (!outcome.failure.empty())
            note(folder, outcome.failure, now);
        else if (!outcome.unfinished)
            note(folder, {}, now);
    }
    if (!present.empty() && reach == Reach::all_folders)
        std::erase_if(folders, [&](const auto& entry) { return !present.contains(entry.first); });
    std::string error = result.failure;
    for (const auto& outcome : result.outcomes)
        if (error.empty()) error = outcome.failure;
    note(account, error, now);
}

void RunRecord::add_failure(const std::string& error, sys_seconds now)
{
    note(account, error, now);
}

}  // namespace offlineimap::core
