// SPDX-License-Identifier: Apache-2.0
#include "dovecot.hpp"

#include <offlineimap/error.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>

namespace offlineimap::imap::test {

namespace {

/// What Dovecot 2.3 announces after signing in.
constexpr std::string_view all_extensions =
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES "
    "THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN "
    "NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN "
    "CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE "
    "SAVEDATE LITERAL+ NOTIFY SPECIAL-USE";

std::set<std::string> words(std::string_view text)
{
    std::istringstream in {std::string(text)};
    return {std::istream_iterator<std::string>(in), {}};
}

std::string announced(const std::string& hidden)
{
    const auto without = words(hidden);
    std::string list;
    for (const auto& name : words(all_extensions))
        if (!without.contains(name)) list += name + ' ';
    return list;
}

/// A process and two pipes; Dovecot takes a socket for inetd and refuses.
class ProcessStream final : public Stream {
public:
    explicit ProcessStream(const std::string& command)
    {
        std::array<int, 2> up {}, down {};
        if (::pipe2(up.data(), O_CLOEXEC) != 0 || ::pipe2(down.data(), O_CLOEXEC) != 0)
            throw std::runtime_error("pipe");
        child_ = ::fork();
        if (child_ == 0) {
            ::dup2(up[0], 0);
            ::dup2(down[1], 1);
            ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(up[0]);
        ::close(down[1]);
        out_ = up[1];
        in_ = down[0];
        ::fcntl(out_, F_SETFL, O_NONBLOCK);
        ::fcntl(in_, F_SETFL, O_NONBLOCK);
    }
    ~ProcessStream() override
    {
        ::close(out_);
        ::close(in_);
        ::waitpid(child_, nullptr, 0);
    }

    Progress exchange(Bytes out, std::span<std::byte> in, Deadline deadline) override
    {
        while (true) {
            Progress progress;
            if (!out.empty()) progress.written = send_some(out);
            if (!in.empty()) progress.read = receive_some(in);
            if (progress.written + progress.read > 0) return progress;
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                deadline - std::chrono::steady_clock::now());
            if (left.count() <= 0) throw Error(Errc::timeout, "dovecot: no answer");
            std::array<pollfd, 2> wait {pollfd {in_, POLLIN, 0}, pollfd {out_, POLLOUT, 0}};
            ::poll(wait.data(), out.empty() ? 1 : 2, static_cast<int>(left.count()));
        }
    }

private:
    [[nodiscard]] std::size_t send_some(Bytes out) const
    {
        const auto count = ::write(out_, out.data(), out.size());
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    [[nodiscard]] std::size_t receive_some(std::span<std::byte> in) const
    {
        const auto count = ::read(in_, in.data(), in.size());
        if (count == 0 || (count < 0 && errno != EAGAIN))
            throw Error(Errc::network, "dovecot: closed the connection");
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    }

    int out_ = -1, in_ = -1;
    pid_t child_ = -1;
};

class CountingStream final : public Stream {
public:
    CountingStream(std::unique_ptr<Stream> inner, Turns& turns)
        : inner_(std::move(inner)), turns_(turns)
    {
    }
    Progress exchange(Bytes out, std::span<std::byte> in, Deadline deadline) override
    {
        const auto progress = inner_->exchange(out, in, deadline);
        if (progress.written > 0 && heard_) {
            ++turns_.count;
            heard_ = false;
        }
        if (progress.read > 0) heard_ = true;
        return progress;
    }

private:
    std::unique_ptr<Stream> inner_;
    Turns& turns_;
    bool heard_ = false;
};

void hand_over(const std::filesystem::path& path)
{
    // Dovecot does not touch mail as root.
    if (::geteuid() == 0 && ::chown(path.c_str(), 65534, 65534) != 0)
        throw std::runtime_error("chown " + path.string());
}

}  // namespace

Dovecot::Dovecot(const std::string& hidden)
{
    ::signal(SIGPIPE, SIG_IGN);
    auto pattern = (std::filesystem::temp_directory_path() / "imap-test-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    root_ = pattern;
    mail_ = root_ / "mail";
    std::filesystem::permissions(root_, std::filesystem::perms(0755));
    for (const auto& folder : {mail_, root_ / "run"}) {
        std::filesystem::create_directory(folder);
        hand_over(folder);
    }
    const auto user = ::geteuid() == 0 ? 65534 : ::geteuid();
    const auto group = ::geteuid() == 0 ? 65534 : ::getegid();
    std::ofstream(root_ / "dovecot.conf")
        << "base_dir = " << root_.string() << "/run\nstate_dir = " << root_.string() << "/run\n"
        << "log_path = " << root_.string() << "/log\nprotocols = imap\nssl = no\n"
        << "mail_location = maildir:" << mail_.string() << "\nmail_uid = " << user
        << "\nmail_gid = " << group
        << "\nfirst_valid_uid = 1\nmail_fsync = never\nmaildir_very_dirty_syncs = yes\n"
        << "imap_capability = " << announced(hidden) << "\n"
        << "namespace inbox {\n inbox = yes\n separator = /\n"
        << " mailbox Sent {\n  special_use = \\Sent\n }\n}\n";
}

Dovecot::~Dovecot()
{
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

std::string Dovecot::command() const
{
    return "HOME=" + root_.string() + " USER=joe exec " DOVECOT_IMAP " -c "
        + (root_ / "dovecot.conf").string();
}

std::unique_ptr<Stream> Dovecot::connect() const
{
    return std::make_unique<ProcessStream>(command());
}

std::unique_ptr<Stream> count_turns(std::unique_ptr<Stream> inner, Turns& turns)
{
    return std::make_unique<CountingStream>(std::move(inner), turns);
}

}  // namespace offlineimap::imap::test
