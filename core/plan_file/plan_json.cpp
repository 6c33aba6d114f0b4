// SPDX-License-Identifier: Apache-2.0
#include "plan_file.hpp"

#include "core/text/strings.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace offlineimap::core {

namespace {

using Json = nlohmann::ordered_json;
using sync::PlannedAction;
using sync::Side;
using Kind = PlannedAction::Kind;

constexpr auto format = "offlineimap plan";
constexpr int version = 1;

constexpr std::array<std::pair<Kind, std::string_view>, 8> kinds {{
    {Kind::create, "create"},
    {Kind::adopt, "adopt"},
    {Kind::join, "join"},
    {Kind::forget, "forget"},
    {Kind::copy, "copy"},
    {Kind::move, "move"},
    {Kind::mark, "mark"},
    {Kind::remove, "remove"},
}};

constexpr sync::Both<const char*> side_names {"local", "remote"};
constexpr sync::Both<const char*> id_names {"local_id", "remote_id"};
constexpr sync::Both<const char*> mark_names {"local_marks", "remote_marks"};

bool is_utf8(const std::string& text)
{
    try {
        static_cast<void>(Json(text).dump());
        return true;
    } catch (const Json::exception&) {
        return false;
    }
}

/// Names and ids may be any bytes; JSON's strings may not: then it is {"hex": "..."}.
Json text_json(const std::string& text)
{
    if (is_utf8(text)) return text;
    constexpr auto digits = "0123456789abcdef";
    std::string hex;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return {{"hex", hex}};
}

Json list_json(const std::vector<std::string>& list)
{
    auto json = Json::array();
    for (const auto& text : list)
        json.push_back(text_json(text));
    return json;
}

Json action_json(const PlannedAction& action)
{
    const auto* const kind =
        std::ranges::find(kinds, action.kind, &std::pair<Kind, std::string_view>::first);
    Json json {{"do", std::string(kind->second)}};
    if (action.side) json["on"] = side_names[*action.side];
    for (const Side side : sync::both_sides)
        if (!action.id[side].empty()) json[id_names[side]] = text_json(action.id[side]);
    if (!action.to.empty()) json["to"] = text_json(action.to);
    if (!action.to_name.empty()) json["to_name"] = text_json(action.to_name);
    if (!action.arrived.empty()) json["arrived"] = text_json(action.arrived);
    for (const Side side : sync::both_sides)
        if (!action.marks[side].empty()) json[mark_names[side]] = list_json(action.marks[side]);
    if (action.size) json["size"] = *action.size;
    if (action.held_back) json["held_back"] = true;
    return json;
}

Json folder_json(const sync::PlannedFolder& folder)
{
    Json json {{"folder", text_json(folder.memory)}};
    for (const Side side : sync::both_sides)
        json[side_names[side]] = {
            {"name", text_json(folder.name[side])},
            {"epoch", text_json(folder.epoch[side])},
            {"token", text_json(folder.token[side])}};
    json["actions"] = Json::array();
    for (const auto& action : folder.actions)
        json["actions"].push_back(action_json(action));
    return json;
}

Json account_json(const PlannedAccount& account)
{
    Json json {{"account", text_json(account.plan.account)}};
    for (const Side side : sync::both_sides)
        json[side_names[side]] = text_json(account.plan.repositories[side]);
    json["settings"] = account.settings;
    json["folders"] = Json::array();
    for (const auto& folder : account.plan.folders)
        json["folders"].push_back(folder_json(folder));
    return json;
}

std::string present_time()
{
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts {};
    ::gmtime_r(&now, &parts);
    std::array<char, 32> text {};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), size};
}

/// A piece of the file that is read, with its place in it.
class Reader {
public:
    Reader(const Json& json, std::string place) : json_(json), place_(std::move(place)) { }

    [[noreturn]] void fail(std::string_view what) const
    {
        throw Error(Errc::config, concat(place_, ": ", what));
    }
    const Json& object() const
    {
        if (!json_.is_object()) fail("expected an object");
        return json_;
    }
    bool has(const char* name) const { return object().contains(name); }
    Reader operator[](const char* name) const
    {
        if (!has(name)) fail(concat("has no member \"", name, "\""));
        return {json_[name], concat(place_, ".", name)};
    }
    std::vector<Reader> items() const
    {
        if (!json_.is_array()) fail("expected a list");
        std::vector<Reader> items;
        for (std::size_t i = 0; i < json_.size(); ++i)
            items.emplace_back(json_[i], concat(place_, "[", std::to_string(i), "]"));
        return items;
    }
    std::string text() const
    {
        if (json_.is_object()) return bytes_of((*this)["hex"].text());
        if (!json_.is_string()) fail("expected a text");
        return json_.get<std::string>();
    }
    std::string text_of(const char* name) const { return has(name) ? (*this)[name].text() : ""; }
    std::vector<std::string> list_of(const char* name) const
    {
        std::vector<std::string> list;
        if (has(name))
            for (const auto& item : (*this)[name].items())
                list.push_back(item.text());
        return list;
    }
    std::uint64_t number() const
    {
        if (!json_.is_number_unsigned()) fail("expected a number");
        return json_.get<std::uint64_t>();
    }
    bool truth() const
    {
        if (!json_.is_boolean()) fail("expected true or false");
        return json_.get<bool>();
    }

private:
    int digit(char c) const
    {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        fail("expected hexadecimal digits");
    }
    std::string bytes_of(const std::string& hex) const
    {
        if (hex.size() % 2 != 0) fail("expected pairs of hexadecimal digits");
        std::string bytes;
        for (std::size_t i = 0; i < hex.size(); i += 2)
            bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
        return bytes;
    }

    const Json& json_;
    std::string place_;
};

Kind kind_of(const Reader& json)
{
    const auto name = json.text();
    const auto* const kind =
        std::ranges::find(kinds, name, &std::pair<Kind, std::string_view>::second);
    if (kind == kinds.end()) json.fail(concat("an action ", in_quotes(name), " is not known"));
    return kind->first;
}

Side side_of(const Reader& json)
{
    const auto name = json.text();
    for (const Side side : sync::both_sides)
        if (name == side_names[side]) return side;
    json.fail("expected \"local\" or \"remote\"");
}

PlannedAction action_from(const Reader& json)
{
    PlannedAction action;
    action.kind = kind_of(json["do"]);
    if (json.has("on")) action.side = side_of(json["on"]);
    for (const Side side : sync::both_sides) {
        action.id[side] = json.text_of(id_names[side]);
        action.marks[side] = json.list_of(mark_names[side]);
    }
    action.to = json.text_of("to");
    action.to_name = json.text_of("to_name");
    action.arrived = json.text_of("arrived");
    if (json.has("size")) action.size = json["size"].number();
    action.held_back = json.has("held_back") && json["held_back"].truth();
    return action;
}

sync::PlannedFolder folder_from(const Reader& json)
{
    sync::PlannedFolder folder;
    folder.memory = json["folder"].text();
    for (const Side side : sync::both_sides) {
        const auto of_side = json[side_names[side]];
        folder.name[side] = of_side["name"].text();
        folder.epoch[side] = of_side["epoch"].text();
        folder.token[side] = of_side["token"].text();
    }
    for (const auto& action : json["actions"].items())
        folder.actions.push_back(action_from(action));
    return folder;
}

PlannedAccount account_from(const Reader& json)
{
    PlannedAccount account;
    account.plan.account = json["account"].text();
    for (const Side side : sync::both_sides)
        account.plan.repositories[side] = json[side_names[side]].text();
    account.settings = json["settings"].text();
    for (const auto& folder : json["folders"].items())
        account.plan.folders.push_back(folder_from(folder));
    return account;
}

Json parsed(std::string_view text, const std::string& where)
{
    try {
        return Json::parse(text);
    } catch (const Json::exception& error) {
        throw Error(Errc::config, concat("plan ", where, ": it is no JSON: ", error.what()));
    }
}

}  // namespace

const PlannedAccount* PlanFile::find(std::string_view account) const noexcept
{
    const auto found = std::ranges::find_if(
        accounts, [&](const PlannedAccount& one) { return one.plan.account == account; });
    return found == accounts.end() ? nullptr : &*found;
}

std::string to_json(const PlanFile& plan)
{
    Json json {{"format", format}, {"version", version}, {"made", present_time()}};
    json["accounts"] = Json::array();
    for (const auto& account : plan.accounts)
        json["accounts"].push_back(account_json(account));
    return json.dump(1) + "\n";
}

PlanFile plan_from_json(std::string_view text, const std::string& where)
{
    const auto json = parsed(text, where);
    const Reader reader(json, concat("plan ", where));
    if (!json.is_object() || reader.text_of("format") != format)
        reader.fail("it is no plan of offlineimap");
    if (const auto found = reader["version"].number(); found != version)
        reader.fail(concat(
            "it is of version ", std::to_string(found), ", this offlineimap knows version ",
            std::to_string(version)));
    PlanFile plan;
    for (const auto& item : reader["accounts"].items()) {
        auto account = account_from(item);
        if (plan.find(account.plan.account) != nullptr)
            item.fail(concat("account ", in_quotes(account.plan.account), " comes twice"));
        plan.accounts.push_back(std::move(account));
    }
    return plan;
}

}  // namespace offlineimap::core
