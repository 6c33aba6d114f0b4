// SPDX-License-Identifier: Apache-2.0
#include "listing.hpp"

#include "list_commands.hpp"
#include "namespace.hpp"
#include "protocol/text.hpp"
#include "unlisted.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace offlineimap::imap {

namespace {

std::string status_items(const Context& context, std::string_view more = {})
{
    std::string items = "(UIDVALIDITY UIDNEXT MESSAGES";
    if (context.has("CONDSTORE")) items += " HIGHESTMODSEQ";
    if (context.has("OBJECTID")) items += " MAILBOXID";
    // RFC 7889 section 3.2: without a number each folder has its own.
    if (context.has("APPENDLIMIT")) items += " APPENDLIMIT";
    return items.append(more) + ')';
}

bool has_status_in_list(const Context& context)
{
    return context.has("LIST-STATUS") && context.has("LIST-EXTENDED");
}

/// RETURN options of RFC 5258, RFC 5819 and RFC 6154, as far as the server knows them.
std::string return_options(const Context& context)
{
    if (!context.has("LIST-EXTENDED")) return {};
    std::string options = " RETURN (SUBSCRIBED";
    if (context.has("SPECIAL-USE")) options += " SPECIAL-USE";
    if (context.has("LIST-STATUS")) options += " STATUS " + status_items(context);
    return options + ')';
}

}  // namespace

CommandLine status_line(const Context& context, std::string_view wire, std::string_view more)
{
    CommandLine line(context.connection.literals(), "STATUS");
    context.connection.add_name(line, wire);
    return line.raw(' ' + status_items(context, more));
}

namespace {

CommandLine list_line(const Context& context, std::string_view name, std::string_view pattern)
{
    CommandLine line(context.connection.literals(), name);
    line.string(context.preferences.reference).string(pattern);
    return line;
}

void ask_status(Context& context, ListCommand& listing)
{
    std::vector<std::unique_ptr<StatusCommand>> questions;
    for (const auto& folder : listing.folders()) {
        if (!folder.selectable()) continue;
        context.connection.wait_below(pipeline_depth);
        questions.push_back(std::make_unique<StatusCommand>(listing));
        context.connection.send(status_line(context, folder.wire), *questions.back());
    }
    context.connection.wait_below(1);
}

/// Sends what is best, and what every server understands when the best is refused.
void run_list(Context& context, ListCommand& listing, std::string_view pattern)
{
    auto line = list_line(context, "LIST", pattern);
    line.raw(return_options(context));
    SubscribedCommand subscribed;
    const bool ask_subscribed = context.preferences.subscription == Subscription::subscribed_only
        && !context.has("LIST-EXTENDED");
    context.connection.send(line, listing);
    if (ask_subscribed) context.connection.send(list_line(context, "LSUB", pattern), subscribed);
    context.connection.wait_below(1);
    subscribed.mark(listing.folders());
}

void say_left_out(const Context& context, std::size_t count)
{
    context.connection.host().log(
        Level::warning,
        context.connection.peer() + ": " + std::to_string(count)
            + " folders are left out, their names are longer than " + std::to_string(max_name)
            + " bytes");
}

std::vector<Listed> listed_folders(Context& context, std::string_view pattern)
{
    auto listing = std::make_unique<ListCommand>();
    bool has_status = has_status_in_list(context);
    run_list(context, *listing, pattern);
    if (!listing->answer().ok() && context.has("LIST-EXTENDED")) {
        listing = std::make_unique<ListCommand>();
        context.connection.send(list_line(context, "LIST", pattern), *listing);
        context.connection.wait_below(1);
        has_status = false;
    }
    listing->require_ok("list folders on " + context.connection.peer());
    if (!has_status) ask_status(context, *listing);
    if (listing->left_out() > 0) say_left_out(context, listing->left_out());
    return std::move(listing->folders());
}

/// The name that the user sees. One that would become another INBOX keeps its prefix.
std::string_view without_prefix(const Context& context, std::string_view wire)
{
    const auto& prefix = context.prefix;
    if (prefix.empty() || wire.size() <= prefix.size()) return wire;
    const auto rest = wire.substr(prefix.size());
    const bool has_it = same_text(wire.substr(0, prefix.size()), prefix);
    return has_it && !same_text(rest, "INBOX") ? rest : wire;
}

FolderInfo info_of(Context& context, const Listed& listed)
{
    FolderInfo info;
    const auto style = context.preferences.name_style;
    const auto wire = without_prefix(context, listed.wire);
    info.path = path_of(wire, listed.delimiter, style);
    if (listed.delimiter != '\0') info.separator = listed.delimiter;
    info.index = context.folders.add(listed.wire, info.path);
    info.name = shown_name(wire, info.path, listed.delimiter, style);
    info.uses = listed.uses;
    if (!listed.status.uid_validity) return info;
    info.epoch = std::to_string(*listed.status.uid_validity);
    if (context.preferences.status_answers == StatusAnswers::trusted)
        info.token = token_of(listed.status);
    info.quick_token = quick_token_of(listed.status);
    if (listed.status.uid_next) info.next_id = std::to_string(*listed.status.uid_next);
    context.folders.set_epoch(info.index, info.epoch);
    context.folders.set_told(info.index, listed.status);
    return info;
}

void learn_delimiter(Context& context, const std::vector<Listed>& folders)
{
    const auto at = std::find_if(
        folders.begin(), folders.end(), [](const Listed& f) { return f.delimiter != '\0'; });
    if (at != folders.end()) context.delimiter = at->delimiter;
}

/// RFC 3501 section 6.3.8: an empty pattern asks for the delimiter alone.
void ask_delimiter(Context& context)
{
    context.connection.wait_below(1);  // so that what NAMESPACE says is known
    if (context.delimiter != '\0') return;
    ListCommand listing;
    context.connection.send(list_line(context, "LIST", ""), listing);
    context.connection.wait_below(1);
    learn_delimiter(context, listing.folders());
}

std::string new_wire(const Context& context, const FolderPath& path)
{
    const auto wire = wire_name(path, context.delimiter, context.preferences.name_style);
    return same_text(wire, "INBOX") ? wire : context.prefix + wire;
}

/// The name of a folder as listed, else as this server would write it.
std::string known_wire(Context& context, const FolderPath& path)
{
    if (const auto index = context.folders.find(path)) return context.folders.at(*index).wire;
    ask_delimiter(context);
    return new_wire(context, path);
}

CommandLine command_on(const Context& context, std::string_view verb, std::string_view wire)
{
    CommandLine line(context.connection.literals(), verb);
    context.connection.add_name(line, wire);
    return line;
}

/// Why a folder could not be made; where all of them need a prefix that it lacks, how it gets one.
Error not_created(Context& context, const std::string& wire, const Answer& answer)
{
    auto error = refusal("create " + printable(wire) + " on " + context.connection.peer(), answer);
    const auto prefix = personal_prefix(context.connection);
    if (prefix.empty() || !context.prefix.empty() || wire.starts_with(prefix)) return error;
    return {
        error.code(), error.scope(), error.retry(),
        std::string(error.what()) + "; its folders begin with " + printable(prefix)
            + " (usenamespace = yes leaves that away here and puts it before new ones)"};
}

/// Nothing, and a warning, for what no folder of this server can be called.
std::optional<std::string> wire_of(Context& context, const std::string& name)
{
    try {
        return new_wire(context, path_of(name, context.delimiter, NameStyle::wire));
    } catch (const Error& error) {
        context.connection.host().log(
            Level::warning, std::string("folderincludes: ") + error.what());
        return std::nullopt;
    }
}

/// Folders that `folderincludes` names take part whether they are listed and subscribed to or not.
void add_included(Context& context, std::vector<Listed>& listed)
{
    if (context.preferences.includes.empty()) return;
    ask_delimiter(context);
    for (const auto& name : context.preferences.includes) {
        const auto wire = wire_of(context, name);
        if (!wire) continue;
        auto at = std::find_if(listed.begin(), listed.end(), [&wire](const Listed& f) {
            return key_of(f.wire) == key_of(*wire);
        });
        if (at == listed.end()) {
            const auto status = status_of_unlisted(context, *wire);
            if (!status) continue;
            at = listed.insert(at, {*wire, context.delimiter, {}, *status});
        }
        at->uses.add(FolderUse::subscribed);
    }
}

/// A name as LIST pattern; one with wildcards in it cannot be asked for literally.
bool is_pattern(std::string_view wire)
{
    return wire.find_first_of("*%") != std::string_view::npos;
}

}  // namespace

std::vector<FolderInfo> list_folders(Context& context)
{
    auto listed = listed_folders(context, "*");
    learn_delimiter(context, listed);
    add_included(context, listed);
    std::vector<FolderInfo> folders;
    folders.reserve(listed.size());
    for (const auto& folder : listed)
        if (!folder.wire.empty()) folders.push_back(info_of(context, folder));
    return folders;
}

FolderInfo create_folder(Context& context, const FolderPath& path)
{
    const auto wire = known_wire(context, path);
    PlainCommand creation, subscription;
    context.connection.send(command_on(context, "CREATE", wire), creation);
    if (context.preferences.subscription == Subscription::subscribed_only)
        context.connection.send(command_on(context, "SUBSCRIBE", wire), subscription);
    const auto listed = listed_folders(context, is_pattern(wire) ? "*" : wire);
    const auto same = [&wire](const Listed& f) { return key_of(f.wire) == key_of(wire); };
    const auto at = std::find_if(listed.begin(), listed.end(), same);
    if (at != listed.end() && at->selectable()) return info_of(context, *at);
    if (!creation.answer().ok()) throw not_created(context, wire, creation.answer());
    throw Error(
        Errc::unavailable, Scope::folder, Retry::later,
        "create " + printable(wire) + " on " + context.connection.peer()
            + ": server answered OK, but does not list it");
}

void delete_folder(Context& context, const FolderPath& path)
{
    const auto wire = known_wire(context, path);
    const auto answer = context.connection.run(command_on(context, "DELETE", wire));
    if (answer.ok()) return;
    const auto what = "delete " + printable(wire) + " on " + context.connection.peer();
    const auto listed = listed_folders(context, is_pattern(wire) ? "*" : wire);
    const bool there = std::any_of(listed.begin(), listed.end(), [&wire](const Listed& f) {
        return key_of(f.wire) == key_of(wire) && f.selectable();
    });
    const auto error = refusal(what, answer);
    if (there) throw error;
    throw Error(Errc::not_found, error.what());
}

void rename_folder(Context& context, const FolderPath& from, const FolderPath& to)
{
    const auto old_wire = known_wire(context, from);
    ask_delimiter(context);
    const auto wire = new_wire(context, to);
    auto line = command_on(context, "RENAME", old_wire);
    const auto answer = context.connection.run(context.connection.add_name(line, wire));
    if (!answer.ok())
        throw refusal(
            "rename " + printable(old_wire) + " to " + printable(wire) + " on "
                + context.connection.peer(),
            answer);
}

}  // namespace offlineimap::imap
