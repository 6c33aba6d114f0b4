// SPDX-License-Identifier: Apache-2.0
#include "select.hpp"

#include "protocol/grammar.hpp"

namespace offlineimap::imap {

void SelectCommand::untagged(const StatusResponse& response)
{
    read_code(response.code);
}

void SelectCommand::completed(const StatusResponse& response)
{
    read_code(response.code);
    PlainCommand::completed(response);
}

/// RFC 7162 section 3.2.11: what was said until now was said of the folder before.
void SelectCommand::forget()
{
    status_ = {};
    flags_.clear();
    permanent_.clear();
    has_permanent_ = read_only_ = false;
}

void SelectCommand::read_code(const ResponseCode& code)
{
    if (code.is("CLOSED")) {
        forget();
    } else if (code.is("UIDVALIDITY")) {
        status_.uid_validity = code.number();
    } else if (code.is("UIDNEXT")) {
        status_.uid_next = code.number();
    } else if (code.is("HIGHESTMODSEQ")) {
        status_.highest_mod_seq = code.number();
    } else if (code.is("NOMODSEQ")) {
        status_.highest_mod_seq.reset();
    } else if (code.is("PERMANENTFLAGS")) {
        permanent_.clear();
        Cursor in(code.arguments);
        read_flag_list(in, permanent_);
        has_permanent_ = true;
    } else if (code.is("MAILBOXID")) {
        status_.mailbox_id = object_id(code.arguments);
    } else if (code.is("READ-ONLY")) {
        read_only_ = true;
    }
}

std::string SelectCommand::epoch() const
{
    return status_.uid_validity ? std::to_string(*status_.uid_validity) : std::string();
}

FolderState SelectCommand::state() const
{
    FolderState state;
    state.epoch = epoch();
    if (status_.uid_next) state.next_id = std::to_string(*status_.uid_next);
    // RFC 3501 section 7.1: without PERMANENTFLAGS every flag can be changed permanently.
    const auto& storable = has_permanent_ ? permanent_ : flags_;
    state.storable_flags = storable.flags;
    state.storable_keywords = storable.keywords;
    // $Forwarded is a keyword like others for the server.
    if (storable.any_keyword) state.storable_flags.add(Flag::forwarded);
    state.any_keyword = storable.any_keyword;
    state.writable = !read_only_;
    return state;
}

Error wrong_epoch(const std::string& what, const SelectCommand& folder, const std::string& expected)
{
    const auto epoch = folder.epoch();
    if (epoch.empty()) return {Errc::unsupported, what + ": the server gives no UIDVALIDITY"};
    return {
        Errc::epoch_changed,
        what + ": UIDVALIDITY is " + epoch + ", expected "
            + (expected.empty() ? "none yet" : expected)};
}

CommandLine select_line(Context& context, Access access, std::string_view wire)
{
    context.examine.reset();
    context.examined = access == Access::examine ? wire : std::string_view();
    CommandLine line(
        context.connection.literals(), access == Access::select ? "SELECT" : "EXAMINE");
    context.connection.add_name(line, wire);
    return line;
}

}  // namespace offlineimap::imap
