// SPDX-License-Identifier: Apache-2.0
#include "record.hpp"

#include "common-console/message.hpp"

#include <algorithm>

namespace offlineimap::ui_machineui {
namespace {

std::string joined(std::initializer_list<std::string_view> parts)
{
    std::string text;
    for (const auto& part : parts) {
        if (&part != parts.begin()) text += '\n';
        text += part;
    }
    return text;
}

std::string ids(const EventDetails& details)
{
    std::string text;
    for (const auto id : details.messages) {
        if (!text.empty()) text += '\f';
        text += id;
    }
    return text;
}

/// The original's names of its classes.
std::string type_name(std::string_view type)
{
    if (type == "imap") return "IMAP";
    if (type == "maildir") return "Maildir";
    if (type == "gmail") return "Gmail";
    if (type == "gmailmaildir") return "GmailMaildir";
    return std::string(type);
}

/// A trailing line feed is part of these two of the original.
std::string two_folders(const EventDetails& details)
{
    return joined(
        {type_name(details.from.type), details.from.folder, type_name(details.to.type),
         details.to.folder, ""});
}

std::string_view severity(const Event& event)
{
    if (console::is_failure(event)) return "error";
    if (event.level == Level::warning) return "warn";
    return event.level == Level::debug && event.kind == EventKind::log ? "debug" : "msg";
}

Record copying(const Event& event)
{
    const auto& details = *event.details;
    if (details.messages.empty()) return {"msg", "syncingmessages", {}, two_folders(details)};
    const auto target = type_name(details.to.type) + '[' + std::string(details.to.folder) + ']';
    return {
        "msg",
        "copyingmessage",
        {},
        joined(
            {details.messages.front(), type_name(details.from.type), details.from.folder, target})};
}

bool is_validity_problem(const Event& event)
{
    return event.details != nullptr && event.details->flag == "UIDVALIDITY"
        && event.details->messages.size() == 2;
}

Record validity_problem(const Event& event)
{
    const auto& details = *event.details;
    return {
        "warn",
        "validityproblem",
        {},
        joined({details.to.folder, event.repository, details.messages[0], details.messages[1]})};
}

Record with_details(const Event& event)
{
    if (is_validity_problem(event)) return validity_problem(event);
    const auto& details = *event.details;
    const auto type = type_name(details.to.type);
    switch (event.kind) {
    case EventKind::connecting:
        return {"msg", "connecting", {}, joined({details.host, details.port, event.repository})};
    case EventKind::folder_begin:
        return {"msg", "syncingfolder", {}, two_folders(details)};
    case EventKind::copying:
        return copying(event);
    case EventKind::deleting:
        return {
            "msg",
            "deletingmessages",
            {},
            joined({ids(details), type + '\t' + std::string(details.to.folder)})};
    case EventKind::adding_flags:
        return {"msg", "addingflags", {}, joined({ids(details), details.flag, details.to.folder})};
    case EventKind::removing_flags:
        return {
            "msg", "deletingflags", {}, joined({ids(details), details.flag, details.to.folder})};
    case EventKind::listed:
        return {
            "msg",
            "messagelistloaded",
            {},
            joined({type, details.to.folder, std::to_string(event.total)})};
    case EventKind::listing:
        if (!details.to.folder.empty())
            return {"msg", "loadmessagelist", {}, joined({type, details.to.folder})};
        return {"msg", "syncfolders", {}, joined({type, type_name(details.from.type)})};
    default:
        return {"msg", {}, {}, std::string(event.text)};
    }
}

/// A defect: of the thread that the account has, or of the program itself.
Record exception(const Event& event, const std::string& thread)
{
    const std::string text(event.text);
    if (event.account.empty()) return {"warn", "mainException", "MainThread", text};
    return {"warn", "threadException", "MainThread", joined({thread, text})};
}

Record plain(const Event& event, const std::string& thread)
{
    constexpr std::string_view debugging = "Now debugging for ";
    if (event.kind == EventKind::failure && event.error != nullptr
        && event.error->code() == Errc::internal)
        return exception(event, thread);
    if (event.level == Level::debug && event.text.starts_with(debugging))
        return {"debug", "debugging", {}, std::string(event.text.substr(debugging.size()))};
    Record record {severity(event), {}, {}, std::string(event.text)};
    if (event.kind == EventKind::failure) record.payload = "ERROR: " + record.payload;
    if (event.text.starts_with("Calling hook:") || event.text.starts_with("Hook "))
        record.command = "callhook";
    return record;
}

bool is_silent(const Event& event)
{
    switch (event.kind) {
    case EventKind::progress:
    case EventKind::planned:
    case EventKind::worker_end:
    case EventKind::sleeping:
        return true;
    default:
        return event.text.empty();
    }
}

}  // namespace

std::string form_quoted(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '~')
            out += c;
        else if (c == ' ')
            out += '+';
        else
            (out += '%').append({digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

std::string line(const Record& record)
{
    std::string text(record.severity);
    text.append(":").append(record.command).append(":");
    return text + form_quoted(record.thread) + ':' + form_quoted(record.payload) + '\n';
}

std::string thread_name(const Event& event)
{
    if (event.account.empty()) return "MainThread";
    const std::string account(event.account);
    if (event.folder.empty() || event.kind == EventKind::folder_created)
        return "Account sync " + account;
    return "Folder " + std::string(event.folder) + " [acc: " + account + ']';
}

void add_end_of(const std::string& thread, std::vector<Record>& records)
{
    for (const auto* command : {"threadExited", "unregisterthread"})
        records.push_back({"msg", command, "MainThread", thread});
}

std::vector<Record> records_of(const Event& event, const std::string& thread)
{
    std::vector<Record> records;
    const std::string account(event.account);
    if (event.kind == EventKind::account_begin) {
        records.push_back({"msg", "registerthread", {}, account});
        records.push_back({"msg", "acct", {}, account});
    } else if (event.kind == EventKind::account_end) {
        records.push_back({"msg", "acctdone", {}, account});
        add_end_of(thread, records);
    } else if (!is_silent(event)) {
        if (event.kind == EventKind::folder_begin)
            records.push_back({"msg", "registerthread", {}, account});
        records.push_back(
            event.details != nullptr && event.level < Level::warning ? with_details(event)
                                                                     : plain(event, thread));
    }
    for (auto& record : records)
        if (record.thread.empty()) record.thread = thread;
    return records;
}

}  // namespace offlineimap::ui_machineui
