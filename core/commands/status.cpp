// SPDX-License-Identifier: Apache-2.0
#include "status.hpp"

#include "core/config/general.hpp"
#include "core/config/read.hpp"
#include "core/run/run_record.hpp"
#include "core/text/printable.hpp"
#include "core/text/strings.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <ctime>
#include <iostream>

namespace offlineimap::core {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::sys_seconds;

constexpr CommandLineOption options[] {
    option::help, option::config, option::accounts, option::overrides, option::json};

constexpr auto details =
    "For each account and folder: when it was last synchronised, what went wrong last, and\n"
    "whether something was left for the next run. Nothing is connected to. The exit code is 0\n"
    "when the last run of every account succeeded, else 1.\n";

std::string shown(sys_seconds time)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm local = {};
    ::localtime_r(&seconds, &local);
    std::array<char, 32> text = {};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local);
    return {text.data(), size};
}

std::string ago(sys_seconds time, sys_seconds now)
{
    const auto seconds = std::max<std::int64_t>(0, (now - time).count());
    const auto [number, unit] = seconds < 120 ? std::pair {seconds, "seconds"}
        : seconds < 7200                      ? std::pair {seconds / 60, "minutes"}
        : seconds < 172800                    ? std::pair {seconds / 3600, "hours"}
                                              : std::pair {seconds / 86400, "days"};
    return concat(std::to_string(number), " ", unit, " ago");
}

std::string shown(const LastTimes& times, sys_seconds now)
{
    if (!times.success && !times.failure) return "never synchronised";
    std::string text = times.success
        ? concat("last success ", shown(*times.success), " (", ago(*times.success, now), ")")
        : "never synchronised";
    if (times.failure)
        text += concat(
            times.failing ? "; FAILING since " : "; last error ", shown(*times.failure), ": ",
            printable(times.error));
    return text;
}

void print(const std::string& account, const RunRecord& record, sys_seconds now)
{
    std::cout << "Account " << printable(account) << ": " << shown(record.account, now) << '\n';
    for (const auto& [name, folder] : record.folders)
        std::cout << "  " << printable(name) << ": " << shown(folder, now)
                  << (folder.unfinished ? "; some of it is left for the next run" : "") << '\n';
}

std::string iso(sys_seconds time)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm utc = {};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> text = {};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

Json json_of(const LastTimes& times)
{
    Json json = Json::object();
    json["failing"] = times.failing;
    json["last_success"] = times.success ? Json(iso(*times.success)) : Json();
    json["last_error_time"] = times.failure ? Json(iso(*times.failure)) : Json();
    json["last_error"] = times.failure ? Json(times.error) : Json();
    return json;
}

Json json_of(const std::string& account, const RunRecord& record)
{
    Json json = json_of(record.account);
    json["account"] = account;
    json["folders"] = Json::array();
    for (const auto& [name, folder] : record.folders) {
        Json entry = json_of(static_cast<const LastTimes&>(folder));
        entry["folder"] = name;
        entry["pending"] = folder.unfinished;
        json["folders"].push_back(std::move(entry));
    }
    return json;
}

void require_accounts(const Config& config, const GeneralSettings& general)
{
    std::vector<std::string> known;
    for (const auto& account : config.accounts)
        known.push_back(account.name);
    for (const auto& name : general.accounts)
        if (config.account(name) == nullptr)
            throw Error(
                Errc::config,
                concat(
                    "there is no account ", in_quotes(name), "; there are: ", join(known, ", ")));
}

int show_status(const CommandArguments& arguments)
{
    if (!arguments.words.empty()) throw UsageError("status: use -a for single accounts");
    const auto& line = arguments.common;
    const auto file = line.config_file ? *line.config_file : find_config_file();
    const auto config = read_config(file, line.overrides);
    const auto general = general_settings(config);
    require_accounts(config, general);
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto all = Json::array();
    bool failing = false;
    for (const auto& account : general.accounts) {
        const auto record = RunRecord::load(account_directory(general, account));
        failing = failing || record.account.failing;
        if (arguments.has("json"))
            all.push_back(json_of(account, record));
        else
            print(account, record, now);
    }
    if (arguments.has("json"))
        std::cout << Json {{"version", 1}, {"accounts", all}}.dump(
            2, ' ', false, Json::error_handler_t::replace)
                  << '\n';
    return failing ? 1 : 0;
}

}  // namespace

SubCommand status_command() noexcept
{
    return {"status", "[options]", "how the last runs went", details, options, show_status};
}

}  // namespace offlineimap::core
