// SPDX-License-Identifier: Apache-2.0
#include "machine_ui.hpp"

#include "common-console/line_writer.hpp"

#include <algorithm>
#include <set>
#include <unistd.h>

namespace offlineimap::ui_machineui {
namespace {

using namespace std::chrono_literals;

constexpr auto step = 10s;
constexpr const char* protocol_version = "7.2.0";
constexpr const char* banner =
    "OfflineIMAP " OFFLINEIMAP_VERSION "\n  Licensed under the Apache License, version 2.0";

std::string countdown(std::chrono::seconds pause, std::chrono::seconds left)
{
    return std::to_string(pause.count()) + '\n' + std::to_string(left.count());
}

/// What a question for a password is made of: "why; Enter password for user 'joe' at host: ".
struct Asked {
    std::string why;   ///< the last one was refused; empty: it is the first
    std::string user;  ///< or all that is asked
};

Asked asked(std::string_view question)
{
    constexpr std::string_view again = "; Enter ";
    const auto other = question.find(again);
    const auto why = other == question.npos ? std::string_view() : question.substr(0, other);
    const auto wanted = question.substr(other == question.npos ? 0 : other + again.size());
    const auto begin = wanted.find('\'');
    const auto end = begin == wanted.npos ? begin : wanted.find('\'', begin + 1);
    const auto user = end == wanted.npos ? wanted : wanted.substr(begin + 1, end - begin - 1);
    return {std::string(why), std::string(user)};
}

}  // namespace

MachineUi::MachineUi(Host& host) : host_(host), ticker_(step, [this] { count_down(); }) { }

void* MachineUi::facet(std::string_view name) noexcept
{
    return name == every_message_facet ? this : nullptr;
}

/// As the original does: the banner goes out before there is a protocol.
void MachineUi::start(Control& /*control*/)
{
    console::write_all(STDOUT_FILENO, std::string(banner) + '\n');
    write({"msg", "protocol", "MainThread", protocol_version});
    write({"msg", "initbanner", "MainThread", banner});
}

void MachineUi::write(const Record& record)
{
    console::write_all(STDOUT_FILENO, line(record));
}

void MachineUi::show(const Event& event) noexcept
try {
    const bool only_debug = event.kind == EventKind::log && event.level == Level::debug;
    if (only_debug && !host_.logs(Level::debug)) return;
    const std::lock_guard lock(mutex_);
    follow_sleep(event);
    if (event.kind == EventKind::folder_begin) begin_folder(event);
    if (event.kind == EventKind::account_end) end_folders(event);
    for (const auto& record : records_of(event, thread_of(event)))
        write(record);
} catch (const std::bad_alloc&) {
    // No memory for a line: there is nobody left to tell.
}

/// The original has a thread for each folder, named after it, and after both names where they
/// differ.
void MachineUi::begin_folder(const Event& event)
{
    std::string thread = thread_name(event);
    std::string_view local = event.folder, remote = event.folder;
    if (event.details != nullptr) {
        local = event.details->to.folder;
        remote = event.details->from.folder;
        if (local != remote)
            thread = "Folder " + std::string(local) + " [remote name " + std::string(remote)
                + "] [acc: " + std::string(event.account) + ']';
    }
    auto& threads = threads_[std::string(event.account)];
    threads.insert_or_assign(std::string(local), thread);
    threads.insert_or_assign(std::string(remote), thread);
}

void MachineUi::end_folders(const Event& event)
{
    const auto own = threads_.extract(std::string(event.account));
    if (!own) return;
    std::set<std::string> names;
    for (const auto& [folder, thread] : own.mapped())
        names.insert(thread);
    std::vector<Record> records;
    for (const auto& name : names)
        add_end_of(name, records);
    for (const auto& record : records)
        write(record);
}

std::string MachineUi::thread_of(const Event& event) const
{
    if (event.kind == EventKind::folder_created) return thread_name(event);
    const auto own = threads_.find(event.account);
    if (own == threads_.end()) return thread_name(event);
    const auto known = own->second.find(event.folder);
    return known == own->second.end() ? thread_name(event) : known->second;
}

void MachineUi::follow_sleep(const Event& event)
{
    if (event.kind == EventKind::sleeping) {
        constexpr std::uint64_t most = 1'000'000'000;
        const std::chrono::seconds left(
            event.total > event.done ? std::min(event.total - event.done, most) : 0);
        wakes_.insert_or_assign(std::string(event.account), Clock::now() + left);
        write({"msg", "sleeping", thread_name(event), countdown(step, left)});
        ticker_.turn(console::Ticker::Switch::on);
    } else if (event.kind == EventKind::account_begin && wakes_.erase(std::string(event.account))) {
        write({"msg", "sleeping", thread_name(event), countdown(0s, 0s)});
        if (wakes_.empty()) ticker_.turn(console::Ticker::Switch::off);
    }
}

void MachineUi::count_down() noexcept
try {
    const std::lock_guard lock(mutex_);
    for (const auto& [account, end] : wakes_) {
        Event event;
        event.account = account;
        const auto left = std::chrono::ceil<std::chrono::seconds>(end - Clock::now());
        if (left > 0s) write({"msg", "sleeping", thread_name(event), countdown(step, left)});
    }
} catch (const std::bad_alloc&) {
    // The next tick says it.
}

std::optional<std::string> MachineUi::ask(const Question& question)
{
    if (!question.hidden) return std::nullopt;  // the protocol has no other question
    {
        const std::lock_guard lock(mutex_);
        const auto [why, user] = asked(question.text);
        if (!why.empty()) write({"warn", "getpasserror", "MainThread", user + '\n' + why});
        write({"msg", "getpass", "MainThread", user});
    }
    std::string answer;
    char c = 0;
    // Not tried again after EINTR: a signal that has a handler wants the program's attention.
    while (::read(STDIN_FILENO, &c, 1) == 1) {
        if (c == '\n') return answer;
        answer += c;
    }
    return std::nullopt;
}

void MachineUi::close() noexcept
try {
    ticker_.end();
    if (std::exchange(closed_, true)) return;
    write({"msg", "terminate", "MainThread", "0\n\n"});
} catch (const std::bad_alloc&) {
    // The reader sees the end of the stream.
}

}  // namespace offlineimap::ui_machineui
